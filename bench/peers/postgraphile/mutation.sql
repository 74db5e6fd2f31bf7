-- What a PostGraphile user would write for a change that leaves an audit entry: one function, so one statement and one
-- transaction. The entry has the size of ours and is chained by the same procedure of the schema.
create schema bench authorization wardship_owner;
grant usage on schema bench to wardship_serve;
set role wardship_owner;

create function bench.update_member_profile(member_id uuid, title text) returns public.member
language plpgsql volatile set search_path = pg_catalog, public as $$
declare
    changed public.member;
    entry_id constant uuid := time_ordered_id();
    entry text;
begin
    update member m set title = update_member_profile.title
    where m.organisation_id = current_tenant() and m.id = update_member_profile.member_id
    returning * into changed;
    entry := json_build_object(
        'action', 'member.profile_updated', 'actor', json_build_object('account', changed.account_id,
            'kind', 'token', 'member', changed.id), 'at', now(), 'details', json_build_object('fields', array['title']),
        'id', entry_id, 'organisation', changed.organisation_id, 'outcome', 'done', 'purpose', '', 'request', entry_id,
        'target', json_build_object('id', changed.id, 'kind', 'member'))::text;
    call append_audit_entry(changed.organisation_id, entry_id, (extract(epoch from now()) * 1000000)::bigint,
        convert_to(entry, 'UTF8'), changed.account_id, 'member.profile_updated', 'member', changed.id);
    return changed;
end $$;

-- A link leads to its installation by way of its place; PostGraphile is told of the direct way, which Wardship takes too.
comment on table public.subject_link is
    E'@foreignKey (organisation_id, installation_id) references public.installation (organisation_id, id)';

reset role;
