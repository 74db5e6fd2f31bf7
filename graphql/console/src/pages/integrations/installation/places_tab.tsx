import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { Button, Buttons } from "../../../components/button";
import { Badge } from "../../../components/badge";
import { CopyText } from "../../../components/copy_text";
import { Day } from "../../../components/moment";
import { opened } from "../../../components/opened";
import { useFormats } from "../../../language/formats";
import { useManages } from "../authority";
import { PLACE_NAMES } from "../words";
import type { InstallationQuery } from "./documents";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

const SettingsDialog = opened(() => import("./settings_dialog"), "SettingsDialog");
const RotateDialog = opened(() => import("./rotate_dialog"), "RotateDialog");

export type Available = NonNullable<ResultOf<typeof InstallationQuery>["availableIntegrations"]>[number];

interface Properties {
  installation: Installation;
  available: readonly Available[];
  onDone: () => void;
}

/** How it is set up, and where its data goes and went. */
export function PlacesTab({ installation, available, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const [isChanging, setIsChanging] = useState(false);
  const [isRotating, setIsRotating] = useState(false);
  const fields = available.find(({ key }) => key === installation.integrationKey)?.settings ?? [];
  const mayChange = useManages()(installation) && installation.state !== "REMOVED" && fields.length > 0;
  const secrets = fields.filter(({ isSecret }) => isSecret);
  const isEnding = installation.state === "REVOKING" || installation.state === "REVOCATION_OVERDUE";
  const { settings = [], places = [] } = installation;
  return (
    <>
      <section className={css.panel}>
        <h2>
          <Trans>How it is set up</Trans>
        </h2>
        <dl className={css.summary}>
          {settings.map(({ name, value }) => (
            <div key={name}>
              <dt>
                <bdi>{fields.find((field) => field.name === name)?.title ?? name}</bdi>
              </dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        {settings.length === 0 && (
          <p>
            <Trans>Nothing is kept of its settings.</Trans>
          </p>
        )}
        {mayChange && (
          <Buttons>
            <Button onPress={() => setIsChanging(true)}>
              <Trans>Change the settings</Trans>
            </Button>
            {secrets.length > 0 && !isEnding && (
              <Button onPress={() => setIsRotating(true)}>
                <Trans>Rotate a secret</Trans>
              </Button>
            )}
          </Buttons>
        )}
      </section>
      {installation.inboundUrl && (
        <section className={css.panel}>
          <h2>
            <Trans>Where its own calls come in</Trans>
          </h2>
          <p>
            <Trans>Enter this address at the third party, so that it tells what happens there: that somebody objects, unsubscribes, or is erased. Each call proves itself.</Trans>
          </p>
          <CopyText label={t`Address for its calls`} text={installation.inboundUrl} />
        </section>
      )}
      <table className={css.table} aria-label={t`Where its data is`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Place</Trans>
            </th>
            <th scope="col">
              <Trans>State</Trans>
            </th>
            <th scope="col">
              <Trans>People</Trans>
            </th>
            <th scope="col">
              <Trans>Still owed</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.recipient + place.createdAt}>
              <th scope="row">
                <bdi data-of-server>{place.recipient}</bdi>
              </th>
              <td data-title={t`State`}>
                <Badge tone={place.state === "LEAVING" ? "warn" : "plain"}>{i18n._(PLACE_NAMES[place.state])}</Badge>{" "}
                <Trans>
                  since <Day at={place.leftAt ?? place.leavingAt ?? place.createdAt} />
                </Trans>
              </td>
              <td data-title={t`People`}>{formats.number(place.holding)}</td>
              <td data-title={t`Still owed`}>{formats.number(place.owed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isChanging && <SettingsDialog installation={installation} fields={fields} onDone={onDone} onClose={() => setIsChanging(false)} />}
      {isRotating && <RotateDialog installation={installation} secrets={secrets} onDone={onDone} onClose={() => setIsRotating(false)} />}
    </>
  );
}
