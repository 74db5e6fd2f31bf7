import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { type Column, DataTable } from "../../components/data_table";
import { Facts } from "../../components/facts";
import { LinkButton } from "../../components/link_button";
import { Day } from "../../components/moment";
import { opened } from "../../components/opened";
import { ReceivedData } from "../../components/received/received_data";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { useFormats } from "../../language/formats";
import { categoryName } from "../../words/taxonomy";
import { HeldQuery } from "./documents";
import css from "./me.module.css";
import { CONTROLLER_NAMES, SOURCE_NAMES } from "./sources";

const ProfileDialog = opened(() => import("./profile_dialog"), "ProfileDialog");

/** One's own values as they are held, and every category with who decides on it. */
export function Held() {
  const asked = usePart(HeldQuery, {});
  return (
    <Part asked={asked} lines={8}>
      {asked.data?.viewer.member && <Profile member={asked.data.viewer.member} refresh={asked.refresh} />}
      <ReceivedData received={asked.data?.viewer.member?.receivedData} mayAdopt={asked.data?.viewer.member?.state === "ACTIVE"} isMine refresh={asked.refresh} />
      <Categories categories={asked.data?.heldCategories ?? []} />
    </Part>
  );
}

type Answer = ResultOf<typeof HeldQuery>;
export type OwnProfile = NonNullable<Answer["viewer"]["member"]>;

function Profile({ member, refresh }: { member: OwnProfile; refresh: () => void }) {
  const { t } = useLingui();
  const { organisation = "" } = useParams({ strict: false });
  const [isChanging, setIsChanging] = useState(false);
  const facts = [
    { label: t`Name as displayed`, value: member.displayName },
    { label: t`Title`, value: member.title },
    { label: t`First name`, value: member.firstName },
    { label: t`Last name`, value: member.lastName },
    { label: t`E-mail address`, value: member.email },
    { label: t`Telephone number`, value: member.phone },
    { label: t`Job title`, value: member.jobTitle },
    { label: t`Company`, value: member.company },
    { label: t`Username`, value: member.username },
    { label: t`Postal address`, value: member.postalAddress },
    { label: t`Picture`, value: member.pictureUrl },
    { label: t`Member since`, value: member.joinedAt && <Day at={member.joinedAt} /> },
  ].map(({ label, value }) => ({ label, value: value && <bdi>{value}</bdi> }));
  return (
    <Section title={t`Your profile here`} about={<Trans>What your organisation has of you, as it is at this moment.</Trans>}>
      <Facts facts={facts} />
      <hr className={css.gap} />
      <Buttons>
        {member.state === "ACTIVE" && (
          <Button onPress={() => setIsChanging(true)}>
            <Trans>Change the profile</Trans>
          </Button>
        )}
        <LinkButton kind="quiet" to={`/o/${encodeURIComponent(organisation)}/me/ask?kind=CORRECTION`}>
          <Trans>Have something corrected</Trans>
        </LinkButton>
      </Buttons>
      {isChanging && (
        <ProfileDialog
          member={member}
          onClose={() => setIsChanging(false)}
          onDone={() => {
            setIsChanging(false);
            refresh();
          }}
        />
      )}
    </Section>
  );
}

type Category = Answer["heldCategories"][number] & { id: string };

function Categories({ categories }: { categories: Answer["heldCategories"] }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const rows: Category[] = categories.map((one) => ({ ...one, id: one.category + one.controller }));
  const columns: Column<Category>[] = [
    {
      id: "category",
      title: t`Kind of data`,
      isRowHeader: true,
      cell: ({ category, isSpecial }) => (
        <>
          {category === ANY ? t`Data of any kind, in texts` : capital(categoryName(i18n, category))} {isSpecial && <Badge tone="warn">{t`specially protected`}</Badge>}
        </>
      ),
    },
    { id: "controller", title: t`Who decides on it`, cell: ({ controller }) => i18n._(CONTROLLER_NAMES[controller]) },
    {
      id: "sources",
      title: t`Where it comes from`,
      cell: ({ sources }) => formats.list(sources.map((source) => (SOURCE_NAMES[source] ? i18n._(SOURCE_NAMES[source]) : source))),
    },
  ];
  return (
    <Section
      title={t`Everything that may be held`}
      about={<Trans>Every kind of data that Wardship can hold of you, here and in your account. A copy shows what it really is.</Trans>}
    >
      <DataTable label={t`Everything that may be held`} columns={columns} rows={rows} nameOf={({ category }) => categoryName(i18n, category)} />
    </Section>
  );
}

/** The root of all categories: texts, which may hold anything. */
const ANY = "user";

function capital(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
