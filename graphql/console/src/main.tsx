/** Boots the application: the sign-in at `/console`, the console's pages below it. */

import "./styles/layers.css";
import "./styles/base.css";
import { applyTheme, chosenTheme } from "./shell/theme";

applyTheme(chosenTheme());

const isSignIn = /^\/console\/?$/.test(location.pathname);
const start = isSignIn ? (await import("./sign_in/home")).start : (await import("./shell/app")).start;
await start(document.getElementById("root")!);
