/** While the pages are written, `/console` is the sign-in's page as it is on the server. */

import type { Plugin } from "vite";

export function signInPage(): Plugin {
  return {
    name: "wardship-sign-in-page",
    apply: "serve",
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        request.url = request.url?.replace(/^\/console\/?(?=$|\?)/, "/console/sign_in.html");
        next();
      });
    },
  };
}
