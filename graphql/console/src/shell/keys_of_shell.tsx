import { msg } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { focusFilter, openRow, stepRow, toggleRow } from "./list_keys";
import { listenToKeys, useKey } from "./keys";
import { addressOf, type Page, useReachable, useSlug } from "./pages";
import { neighbourOf } from "./neighbours";
import { useViewer } from "./viewer";
import { opened } from "../components/opened";

const Help = opened(() => import("./help"), "Help");

/** The keys that work on every page. */
export function Keys() {
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const navigate = useNavigate();
  const pages = useReachable(useViewer());
  useEffect(listenToKeys, []);
  const toNeighbour = (step: 1 | -1) => {
    const href = neighbourOf(location.pathname, step);
    if (href) void navigate({ href });
  };
  useKey("?", msg`These keys`, () => setIsHelpOpen(true));
  useKey("/", msg`To the filter`, focusFilter);
  useKey("j", msg`Next row`, () => stepRow("ArrowDown"));
  useKey("k", msg`Row before`, () => stepRow("ArrowUp"));
  useKey("x", msg`Select the row, or not`, toggleRow);
  useKey("o", msg`Open the row, as Enter does`, openRow);
  useKey("]", msg`Next of the list`, () => toNeighbour(1));
  useKey("[", msg`The one before in the list`, () => toNeighbour(-1));
  return (
    <>
      {pages.map((page) => page.options.staticData?.key && <KeyOfPage key={page.id} page={page} />)}
      {isHelpOpen && <Help onClose={() => setIsHelpOpen(false)} />}
    </>
  );
}

function KeyOfPage({ page }: { page: Page }) {
  const navigate = useNavigate();
  const organisation = useSlug();
  const { key = "", title } = page.options.staticData ?? {};
  useKey(`g ${key}`, title ?? msg`To the page`, () => void navigate({ to: addressOf(page, organisation) }));
  return null;
}
