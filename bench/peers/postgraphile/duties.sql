-- What PostGraphile with the same duties as Wardship needs besides: the change of one's own profile. Its schema is
-- served by that server alone. Who asks comes from the token (the setting), not from the request; an integration that
-- receives the field would have to be told, which is asked of the function that Wardship asks.
create schema bench_duties authorization wardship_owner;
grant usage on schema bench_duties to wardship_serve;
set role wardship_owner;

create function bench_duties.change_own_profile(title text) returns public.member
language plpgsql volatile set search_path = pg_catalog, public as $$
begin
    if is_received(current_tenant(), array['title']) then
        raise exception 'An integration receives the field: nobody here would tell it.';
    end if;
    return bench.update_member_profile(current_setting('wardship.member_id')::uuid, title);
end $$;

reset role;
