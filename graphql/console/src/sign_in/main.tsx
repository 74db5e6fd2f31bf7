/** Boots the sign-in at `/console`: who isn't signed in waits for nothing of the console's pages. */

import "../styles/base.css";
import { applyTheme, chosenTheme } from "../shell/theme";
import { start } from "./home";

applyTheme(chosenTheme());
await start(document.getElementById("root")!);
