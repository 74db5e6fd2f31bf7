import { type ComponentType, lazy, type LazyExoticComponent, useContext, useEffect } from "react";
import { ShellAsking } from "../api/shell_asking";
import { loadMessages } from "../language/language";

/**
 * A page's component, loaded with the strings of its family when somebody comes.
 *
 * @param family - the folder under `pages`.
 */
export function lazyPage(family: string, load: () => Promise<{ default: ComponentType }>): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    const [{ default: Page }] = await Promise.all([load(), loadMessages(family)]);
    const WholePage = () => (
      <>
        <Page />
        <Arrived />
      </>
    );
    return { default: WholePage };
  });
}

/** Stands after a page: once it is there, the page has said whether it brings the shell's part along. */
export function Arrived() {
  const asking = useContext(ShellAsking);
  useEffect(() => asking.arrive(), [asking]);
  return null;
}
