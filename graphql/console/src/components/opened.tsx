/** What a person opens is loaded then: no page waits for the dialogs and menus that most visits never see. */

import { Trans, useLingui } from "@lingui/react/macro";
import { type ComponentType, useCallback, useEffect, useState } from "react";
import { Button } from "./button";
import css from "./opened.module.css";

/** What a component of a module takes. */
type PropertiesOf<Component> = Component extends () => unknown ? object : Component extends (properties: infer Properties) => unknown ? Properties : never;

/**
 * Loads a component of a module once, when it is first wanted. What it returns is a hook: the component, as soon as it is
 * there, and whether it could not be had.
 *
 * @param name - what the module calls it.
 */
export function whenWanted<Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name) {
  type Properties = PropertiesOf<Module[Name]>;
  let Known: ComponentType<Properties> | undefined;
  return function useLoaded(isWanted: boolean) {
    const [state, setState] = useState<"loading" | "failed" | "there">("loading");
    const begin = useCallback(() => {
      if (Known) return;
      setState("loading");
      load().then(
        (module) => {
          Known = module[name] as ComponentType<Properties>;
          setState("there");
        },
        () => setState("failed"),
      );
    }, []);
    useEffect(() => {
      if (isWanted) begin();
    }, [isWanted, begin]);
    return { Known, hasFailed: state === "failed", retry: begin };
  };
}

/**
 * A component of a module that is loaded when it is first shown. The focus stays where it was until then; without a connection
 * the page stays as it is, and says so.
 *
 * @param name - what the module calls it.
 */
export function opened<Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name): ComponentType<PropertiesOf<Module[Name]>> {
  type Properties = PropertiesOf<Module[Name]>;
  const useLoaded = whenWanted(load, name);
  return function Opened(properties: Properties) {
    const { Known, hasFailed, retry } = useLoaded(true);
    if (Known) return <Known {...(properties as Properties & object)} />;
    return hasFailed ? <NotLoaded onRetry={retry} /> : <Opening />;
  };
}

/** Says after a moment that something is on its way. */
function Opening() {
  const { t } = useLingui();
  return <span className={css.opening} role="status" aria-label={t`Opening`} />;
}

/** Says over the page that something could not be loaded. */
export function NotLoaded({ onRetry }: { onRetry: () => void }) {
  return (
    <div role="alert" className={css.failed}>
      <Trans>This could not be loaded. Look at your connection, then try again.</Trans>
      <Button onPress={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    </div>
  );
}
