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
declare
    seen_alike uuid[];
begin
    perform set_config('wardship.organisation_id', organisation::text, true);
    for place in 1 .. cardinality(categories) loop
        select array_agg(given.member_id) into seen_alike
        from unnest(people, seen_as) as given (member_id, kind) where given.kind = place;
        call record_data_access(organisation, uuidv7(), (extract(epoch from now()) * 1000000)::bigint, actor,
            convert_to('token', 'UTF8'), convert_to(categories[place], 'UTF8'), seen_alike);
    end loop;
end $$;

reset role;
