-- The one place that knows how Wardship keeps who has seen whom: called in one statement, which is a transaction of its
-- own. Its schema is served by no GraphQL server. seen_as tells of each person which of the categories were seen, by
-- place from 1; each of categories is a list of keys, separated by spaces.
create schema bench_private authorization wardship_owner;
grant usage on schema bench_private to wardship_serve;
set role wardship_owner;

create function bench_private.record_access(
    organisation uuid, actor uuid, people uuid[], seen_as integer[], categories text[]
) returns void
language plpgsql volatile set search_path = pg_catalog, public as $$
begin
    perform set_config('wardship.organisation_id', organisation::text, true);
    insert into data_access (organisation_id, created_at, actor_id, actor_kind, id, member_id, categories)
    select organisation, now(), actor, 'token', uuidv7(), given.member_id,
        string_to_array(record_access.categories[given.kind], ' ')
    from unnest(people, seen_as) as given (member_id, kind);
end $$;

reset role;
