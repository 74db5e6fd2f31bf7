import { Trans } from "@lingui/react/macro";
import { Download, Printer } from "lucide-react";
import { Button, Buttons } from "../../components/button";
import css from "./request.module.css";
import type { Request } from "./types";

/** The signed statement of what was done, once the request has ended. */
export function Certificate({ request }: { request: Request }) {
  const { certificate, endedAt } = request;
  if (endedAt === null) return null;
  return (
    <section className={css.card} aria-labelledby="certificate">
      <h2 id="certificate">
        <Trans>Certificate</Trans>
      </h2>
      {certificate === null ? (
        <p>
          <Trans>Nothing was done that would need one, or it is being made.</Trans>
        </p>
      ) : (
        <>
          <p>
            <Trans>
              It says what was asked, decided and done, where, by when and how that is proven, signed and without personal data. Whoever has it can verify it
              without asking anybody.
            </Trans>
          </p>
          <Buttons>
            <Button onPress={() => save(certificate, `certificate-${endedAt.slice(0, 10)}.jws`)}>
              <Download aria-hidden />
              <Trans>Download the certificate</Trans>
            </Button>
            <Button kind="quiet" onPress={() => print()}>
              <Printer aria-hidden />
              <Trans>Print this page</Trans>
            </Button>
          </Buttons>
        </>
      )}
    </section>
  );
}

/** Hand a text to the browser as a file; it is here already, so that nothing is asked. */
function save(text: string, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/jose" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
