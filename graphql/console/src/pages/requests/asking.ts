/** What the address says, as the API is asked. */

import { endOfWeek, getLocalTimeZone, today } from "@internationalized/date";
import type { VariablesOf } from "../../api/graphql";
import { PAGE_SIZE } from "../../components/paging";
import type { RequestsQuery } from "./documents";
import type { requestsRoute, SPANS } from "./route";

type Search = (typeof requestsRoute)["types"]["fullSearchSchema"];

/** Calendar and states show as many as the API gives at once: those that are due first. */
const MOST = 100;
const DAYS_OF_MONTH = 31;

export function variablesOf(search: Search, locale: string): Omit<VariablesOf<typeof RequestsQuery>, "shell"> {
  const { tab = "list", state = [], kind = [], handler, due, late, ended, member, after } = search;
  const isList = tab === "list";
  // By kind and state the API lists open requests alone.
  const narrowed = ended ? {} : { states: state.length ? state : null, kinds: kind.length ? kind : null };
  return {
    first: isList ? PAGE_SIZE : MOST,
    after: isList ? (after ?? null) : null,
    isOpen: isList && ended ? false : true,
    member: member ?? null,
    whose: member ?? "",
    ofMember: member !== undefined,
    where: { ...narrowed, handler: handler ?? null, isLate: late ?? false, dueBefore: due ? endOf(due, locale) : null },
  };
}

/** The end of a span that begins today: a day is over at midnight where the reader is. */
function endOf(span: (typeof SPANS)[number], locale: string): string {
  const zone = getLocalTimeZone();
  const now = today(zone);
  const last = { today: now, week: endOfWeek(now, locale), month: now.add({ days: DAYS_OF_MONTH - 1 }) }[span];
  return last.add({ days: 1 }).toDate(zone).toISOString();
}
