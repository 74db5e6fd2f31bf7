/** Boots the console's pages; the sign-in at `/console` is an entry of its own. */

import "./styles/base.css";
import { start } from "./shell/app";
import { applyTheme, chosenTheme } from "./shell/theme";

applyTheme(chosenTheme());
await start(document.getElementById("root")!);
