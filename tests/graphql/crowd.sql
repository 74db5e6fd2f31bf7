-- Rows of crowd.py. `number` has one row for each number of each organisation; `fixed` what is the same everywhere. A key
-- tells what a row is, whose it is (0: the large organisation) and its number; so rows refer to each other unseen.
insert into organisation (id, created_at, slug, name)
    select distinct organisation_id, now(), 'place-' || place, 'Place' from number;
insert into member (organisation_id, id, created_at, state, display_name, first_name, email, pseudonym, joined_at)
    select organisation_id, member, at, case when is_last then 'removed' else 'active' end, 'Member ' || n, 'First',
        n || '@example.org', 'Pseudonym of ' || n, at from number;
insert into role_assignment (organisation_id, id, created_at, member_id, role, granted_by)
    select organisation_id, key('a', place, n), at, member, 'member', other from number
    union all select organisation_id, key('A', place, n), at, member, 'auditor', other from number where is_last
    union all select organisation_id, key('A', place, n), at, member, 'org_owner', other from number where n = 1;
insert into user_group (organisation_id, id, created_at, name, archived_at)
    select organisation_id, key('g', place, n), at, 'Group ' || n, case when is_last then at end from number;
-- Group 1 has everybody but member 3; those who left it come last. Every other group has three members.
insert into group_membership (organisation_id, id, created_at, group_id, member_id, left_at)
    select organisation_id, key('s', place, n), at, key('g', place, 1), member, case when is_last then at end
    from number where n <> 3
    union all select organisation_id, key('S', place, n * 4 + k), at, key('g', place, n),
        key('m', place, 1 + (n + k * 7) % (size - 1)), null
    from number cross join generate_series(0, 2) k where n between 2 and size - 1 and place = 0;
insert into invitation (organisation_id, id, created_at, email, roles, token_hash, invited_by, group_id, expires_at,
        accepted_at)
    select organisation_id, key('v', place, n), case when is_last then now_at - n * interval '1 second' else at end,
        n || '@elsewhere.example.org', '{auditor}', sha256((place || ' ' || n)::bytea), other, key('g', place, 2 + n % 50),
        now_at + interval '6 days', case when not is_last then at end
    from number, fixed;
insert into post (organisation_id, id, created_at, group_id, author_id, body)
    select organisation_id, key('p', place, n), at, in_group, asker, 'Hello <@' || other || '>' from number;
insert into mention (organisation_id, id, created_at, post_id, member_id)
    select organisation_id, key('x', place, n), at, key('p', place, n), key('m', place, 1 + n % 500) from number;
insert into file_reference (organisation_id, id, created_at, group_id, uploader_id, post_id, name, media_type, size_bytes,
        url)
    select organisation_id, key('f', place, n), at, in_group, member, key('p', place, n), 'a.pdf', 'application/pdf', 1,
        'https://example.org/' || n from number;
insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, actor_id, action, target_kind, target_id)
    select organisation_id, key('e', place, n), at, n, json_build_object('id', key('e', place, n), 'at', at, 'actor',
        json_build_object('kind', 'member', 'account', null, 'member', other), 'action', 'x.done', 'target',
        json_build_object('kind', 'member', 'id', subject), 'purpose', '', 'outcome', 'done', 'request', 'r', 'details',
        json_build_object())::text, '', other, 'x.done', 'member', subject from number;
insert into data_access (organisation_id, id, created_at, actor_id, actor_kind, categories)
    select organisation_id, key('d', place, n), at, other, 'member', '{user.name}' from number;
insert into data_access_person (organisation_id, member_id, id)
    select organisation_id, subject, key('d', place, n) from number;
-- Most installations were removed.
insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest, plan,
        declaration_digest, audience, group_id, member_id, state, installed_by, pending_manifest, pending_plan)
    select organisation_id, key('i', place, n), at, 'address_book', '1.0', manifest, plan, digest,
        case kind_of_holder when 0 then 'organisation' when 1 then 'group' else 'member' end,
        case kind_of_holder when 1 then key('g', place, 2 + n % 50) end, case kind_of_holder when 2 then other end,
        case when is_last or place > 0 then 'active' else 'removed' end, other,
        pending_manifest, pending_plan from number, fixed;
insert into integration_grant (organisation_id, id, created_at, installation_id, category, purpose, withdrawn_at)
    select organisation_id, key('c', place, n), at, key('i', place, n), 'user.name', 'functional.service', null
    from number;
insert into subject_link (organisation_id, id, created_at, installation_id, member_id, subject_ref)
    select organisation_id, key('l', place, n), at, key('i', place, n), member, n::text from number
    union all select organisation_id, key('L', place, n), at, key('i', place, live), member, 'x' || n
    from number, fixed where place = 0 and n <> live;
insert into obligation (organisation_id, id, created_at, installation_id, request_id, right_id, member_id, verb, dedupe_key,
        submitted_at, due_at, next_at, state, ended_at, outcome)
    select organisation_id, key('o', place, n), at, installation, key('r', place, n), key('t', place, n), member, 'erase',
        'k' || n, at, at + interval '1 month', at, case when is_last then 'manual' else 'completed' end,
        case when not is_last then at end, '{"status": "completed", "code": "done"}' from number;
insert into manual_task (organisation_id, id, created_at, obligation_id, instructions, due_at, state, completed_by)
    select organisation_id, key('k', place, n), at, key('o', place, n), 'Tell them', at,
        case when is_last then 'open' else 'done' end, other from number;
insert into disclosure (organisation_id, id, created_at, installation_id, member_id, obligation_id, attempt, recipient,
        categories, fields, purposes, grant_ids, record_digest, state)
    select organisation_id, key('y', place, n), at, installation, subject, key('o', place, n), 1, 'Somebody',
        '{user.name}', '{first_name}', '{functional.service}', '{}', sha256(n::text::bytea), 'delivered' from number;
insert into data_request (organisation_id, id, created_at, member_id, submitted_at, country, regime, due_at,
        original_due_at, acknowledge_by, decide_by, reference_hash, identity_state, handler, ended_at)
    select organisation_id, key('r', place, n), at, asker, at, 'DE', 'gdpr', at + interval '30 days', at, at, at,
        sha256((place || ' ' || n)::bytea), 'verified', case when is_last then 'privacy_team' else 'admin' end,
        case when not is_last then at end from number;
insert into request_right (organisation_id, id, created_at, request_id, kind, state, decided_by, ended_at)
    select organisation_id, key('t', place, n), at, key('r', place, n), 'erasure', 'fulfilled', other, at from number;
insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_kind, kind)
    select organisation_id, key('h', place, n), at, key('r', place, n), key('t', place, n), 'member', 'submitted'
    from number;
insert into preview (organisation_id, id, created_at, right_id, digest, content, made_by)
    select organisation_id, key('w', place, n), at, key('t', place, n), '', preview, other from number, fixed;
insert into certificate (organisation_id, id, created_at, request_id, jws)
    select organisation_id, key('z', place, n), at, key('r', place, n), 'a.b.c' from number;
insert into export_file (organisation_id, id, created_at, request_id, right_id, member_id, media_type, name,
        content_sha256, expires_at)
    select organisation_id, key('q', place, n), at, key('r', place, n), key('t', place, n), asker, 'application/zip',
        'a.zip', '', at from number;
insert into consent (organisation_id, id, created_at, member_id, purpose)
    select organisation_id, key('n', place, n), at, asker, 'purpose ' || n from number;
insert into objection (organisation_id, id, created_at, member_id, purpose)
    select organisation_id, key('b', place, n), at, asker, 'purpose ' || n from number;
insert into ownership_transfer (organisation_id, id, created_at, from_member_id, to_member_id, expires_at, state)
    select organisation_id, key('u', place, n), at, key('m', place, 1), other, '2099-01-01T00:00:00Z',
        case when n = 1 then 'offered' else 'declined' end from number;
