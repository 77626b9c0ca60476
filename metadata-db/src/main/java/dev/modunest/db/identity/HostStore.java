package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Hosts, and the codes by which they enrol. */
public final class HostStore {

    private static final String HOST_COLUMNS =
            """
            h.id, h.name, o.name as organization, h.algorithm, h.public_key, h.thumbprint, h.patterns,
            a.name as enrolled_by, h.enrolled_at, h.last_seen_at, h.revoked_at, h.revoked_reason
            """;

    private static final String HOSTS =
            """
             from hosts h join accounts a on a.id = h.enrolled_by
            left join organizations o on o.id = h.organization_id
            """;

    private static final String ENROLMENT_COLUMNS =
            """
            e.id, e.name, o.name as organization, e.patterns, e.created_by, e.created_at, e.expires_at
             from enrolments e left join organizations o on o.id = e.organization_id
            """;

    private final Handle handle;

    public HostStore(Handle handle) {
        this.handle = handle;
    }

    /** Says whether the organisation is there, when it is for one; else nothing is kept. */
    public boolean insertEnrolment(Enrolment enrolment, String sha256Hex) {
        return handle.createUpdate(
                                """
                                insert into enrolments (id, sha256, name, organization_id, patterns, created_by, created_at, expires_at)
                                select :id, :sha256, :name, o.id, :patterns, :by, :created, :expires
                                from (select 1) one left join organizations o on o.name = :organization
                                where :organization::text is null or o.id is not null
                                """)
                        .bind("id", enrolment.id())
                        .bind("sha256", sha256Hex)
                        .bind("name", enrolment.name())
                        .bind("organization", enrolment.organization().orElse(null))
                        .bindArray("patterns", String.class, enrolment.patterns())
                        .bind("by", enrolment.createdBy())
                        .bind("created", enrolment.createdAt())
                        .bind("expires", enrolment.expiresAt())
                        .execute()
                == 1;
    }

    /**
     * Codes that still enrol, the newest first.
     *
     * @param organization those for it alone; empty for all
     */
    public List<Enrolment> listEnrolments(Optional<String> organization, Instant now, int limit) {
        return handle.createQuery(
                        "select "
                                + ENROLMENT_COLUMNS
                                + """
                                where e.used_at is null and e.expires_at > :now
                                  and (:organization::text is null or o.name = :organization)
                                order by e.created_at desc, e.id limit :limit
                                """)
                .bind("organization", organization.orElse(null))
                .bind("now", now)
                .bind("limit", limit)
                .map((row, context) -> enrolment(row))
                .list();
    }

    /** Also one that was used or is expired. */
    public Optional<Enrolment> findEnrolment(UUID id) {
        return handle.createQuery("select " + ENROLMENT_COLUMNS + " where e.id = :id")
                .bind("id", id)
                .map((row, context) -> enrolment(row))
                .findOne();
    }

    /** Whether it was there and unused. */
    public boolean deleteEnrolment(UUID id) {
        return handle.createUpdate("delete from enrolments where id = :id and used_at is null")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Uses the code; of two that use it at once one gets nothing. */
    public Optional<Enrolment> useEnrolment(String sha256Hex, Instant now) {
        return handle.createQuery(
                        """
                        update enrolments set used_at = :now
                        where sha256 = :sha256 and used_at is null and expires_at > :now returning id
                        """)
                .bind("sha256", sha256Hex)
                .bind("now", now)
                .mapTo(UUID.class)
                .findOne()
                .flatMap(this::findEnrolment);
    }

    /** Whether no host has the key yet; else nothing is kept. */
    public boolean insert(NewHost host, Enrolment enrolment, Instant now) {
        return handle.createUpdate(
                                """
                                insert into hosts (id, name, organization_id, algorithm, public_key, thumbprint, patterns, enrolled_by, enrolled_at)
                                select :id, :name, e.organization_id, :algorithm, :key, :thumbprint, e.patterns, e.created_by, :now
                                from enrolments e where e.id = :enrolment
                                on conflict (thumbprint) do nothing
                                """)
                        .bind("id", host.id())
                        .bind("name", host.name())
                        .bind("algorithm", host.algorithm())
                        .bind("key", host.publicKey())
                        .bind("thumbprint", host.thumbprint())
                        .bind("enrolment", enrolment.id())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Also one that is revoked. */
    public Optional<HostRecord> find(UUID id) {
        return handle.createQuery("select " + HOST_COLUMNS + HOSTS + " where h.id = :id")
                .bind("id", id)
                .map((row, context) -> host(row))
                .findOne();
    }

    /**
     * In the order of their ids.
     *
     * @param organization those of it alone; empty for all
     * @param after ids after it alone
     */
    public List<HostRecord> list(Optional<String> organization, Optional<UUID> after, int limit) {
        return handle.createQuery(
                        "select "
                                + HOST_COLUMNS
                                + HOSTS
                                + """
                                where (:organization::text is null or o.name = :organization)
                                  and (:after::uuid is null or h.id > :after::uuid)
                                order by h.id limit :limit
                                """)
                .bind("organization", organization.orElse(null))
                .bind("after", after.orElse(null))
                .bind("limit", limit)
                .map((row, context) -> host(row))
                .list();
    }

    /** Whether it is there and not revoked. */
    public boolean update(UUID id, String name, List<String> patterns) {
        return handle.createUpdate(
                                """
                                update hosts set name = :name, patterns = :patterns
                                where id = :id and revoked_at is null
                                """)
                        .bind("id", id)
                        .bind("name", name)
                        .bindArray("patterns", String.class, patterns)
                        .execute()
                == 1;
    }

    /** Whether it was there and not revoked. */
    public boolean revoke(UUID id, String reason, Instant now) {
        return handle.createUpdate(
                                """
                                update hosts set revoked_at = :now, revoked_reason = :reason
                                where id = :id and revoked_at is null
                                """)
                        .bind("id", id)
                        .bind("reason", reason)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    public void touch(UUID id, Instant now) {
        handle.createUpdate("update hosts set last_seen_at = :now where id = :id")
                .bind("id", id)
                .bind("now", now)
                .execute();
    }

    private static Enrolment enrolment(ResultSet row) throws SQLException {
        return new Enrolment(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Optional.ofNullable(row.getString("organization")),
                texts(row),
                row.getLong("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
    }

    private static HostRecord host(ResultSet row) throws SQLException {
        return new HostRecord(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Optional.ofNullable(row.getString("organization")),
                row.getString("algorithm"),
                row.getBytes("public_key"),
                row.getString("thumbprint"),
                texts(row),
                row.getString("enrolled_by"),
                row.getTimestamp("enrolled_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("last_seen_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("revoked_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("revoked_reason")));
    }

    private static List<String> texts(ResultSet row) throws SQLException {
        return Arrays.asList((String[]) row.getArray("patterns").getArray());
    }
}
