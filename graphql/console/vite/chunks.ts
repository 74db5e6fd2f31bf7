/** What is loaded together stands in one file: many small ones are longer, and each names all the others that it may need. */

import type { Rolldown } from "vite";

const together = (...names: string[]) => new RegExp(`/src/(?:${names.join("|")})\\.tsx?$`);

/** What most pages have. */
const OFTEN = [
  "act_failures",
  "acts_menu",
  "badge",
  "choice",
  "copy_as_graphql",
  "data_table",
  "facts",
  "link_button",
  "moment",
  "page_frame",
  "paging",
  "person",
  "recorded_looks",
  "section",
  "states",
  "tabs",
  "text_link",
];

/** From the bottom up: each takes along what it imports, as far as none before has it. */
export const CHUNKS: Rolldown.CodeSplittingGroup[] = [
  { name: "start", test: together("sign_in/home"), priority: 9 },
  {
    name: "shell",
    test: together("shell/(?:app|frame)", "api/use_(?:page|command)", `components/(?:${OFTEN.join("|")})`),
    priority: 8,
  },
  { name: "form", test: together("components/(?:command_form|fields)"), priority: 7 },
  { name: "radios", test: together("components/radios"), priority: 6 },
  { name: "search", test: together("components/filter_bar"), priority: 5 },
  // Of menus and choices alike.
  { name: "opened", test: together("components/(?:menu_popover|acts_of_menu|filter_choices|dialog_window)"), priority: 4 },
];
