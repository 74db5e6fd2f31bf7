import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { OutcomeLine } from "../shell/outcomes";
import css from "./page_frame.module.css";

interface Properties {
  /** Names the object. While that is being asked: the page's kind. */
  title: string;
  /** What can be done here: one `main` button at most. */
  actions?: ReactNode;
  /** One sentence under the title. */
  about?: ReactNode;
  children: ReactNode;
}

/** A page: its title, also the tab's, what can be done, what was just done, and what it shows. */
export function PageFrame({ title, actions, about, children }: Properties) {
  const { organisation } = useParams({ strict: false });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = [title, organisation, "Wardship"].filter(Boolean).join(" · ");
  }, [title, organisation]);
  useEffect(() => arrive(heading.current), []);
  return (
    <>
      <div className={css.head}>
        <h1 ref={heading} tabIndex={-1}>
          <bdi>{title}</bdi>
        </h1>
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {about && <p className={css.about}>{about}</p>}
      <OutcomeLine />
      {children}
    </>
  );
}

let hasBegun = false;

/** After a change of page the focus stands at its title, so that who reads by ear hears where he or she is; unless a list has taken it back. */
function arrive(heading: HTMLElement | null) {
  const isOnPage = document.activeElement?.closest("#main") != null;
  if (hasBegun && !isOnPage) heading?.focus({ preventScroll: true });
  hasBegun = true;
}
