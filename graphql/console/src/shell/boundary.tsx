import { Trans } from "@lingui/react/macro";
import { Component, type ReactNode } from "react";
import { Button } from "../components/button";

/** What a page that breaks leaves behind: the frame stays, and a way on. */
export class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert">
        <h1>
          <Trans>This page could not be shown</Trans>
        </h1>
        <p>
          <Trans>Nothing was changed. A newer version of the console may be there: load the page again.</Trans>
        </p>
        <Button onPress={() => location.reload()}>
          <Trans>Load again</Trans>
        </Button>
      </div>
    );
  }
}
