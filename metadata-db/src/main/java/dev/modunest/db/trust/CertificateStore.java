package dev.modunest.db.trust;

import dev.modunest.format.PluginId;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Certificates of publishers, their revocation, and the jobs that sessions are of. */
public final class CertificateStore {

    private static final String SELECT =
            """
            select c.serial, c.issuer, c.namespace, a.name as account, c.kind, c.key_sha256, c.der, c.not_before, c.not_after,
                   c.issued_at, c.revoked_at, c.revocation_reason, c.invalid_from
            from certificates c join accounts a on a.id = c.account_id
            """;

    private final Handle handle;

    public CertificateStore(Handle handle) {
        this.handle = handle;
    }

    public void insert(NewCertificate certificate) {
        handle.createUpdate(
                        """
                        insert into certificates (serial, issuer, namespace, account_id, kind, key_sha256, der,
                                                  not_before, not_after, issued_at)
                        values (:serial, :issuer, :namespace, :account, :kind, :key, :der, :notBefore, :notAfter, :now)
                        """)
                .bind("serial", certificate.serial())
                .bind("issuer", certificate.issuer())
                .bind("namespace", certificate.namespace())
                .bind("account", certificate.accountId())
                .bind("kind", certificate.kind())
                .bind("key", certificate.keySha256())
                .bind("der", certificate.der().der())
                .bind("notBefore", certificate.notBefore())
                .bind("notAfter", certificate.notAfter())
                .bind("now", certificate.now())
                .execute();
    }

    /** Of the namespace, the newest first. */
    public List<CertificateRecord> list(String namespace, int limit) {
        return handle.createQuery(
                        SELECT
                                + " where c.namespace = :namespace order by c.issued_at desc, c.serial limit :limit")
                .bind("namespace", namespace)
                .bind("limit", limit)
                .map((row, context) -> certificate(row))
                .list();
    }

    public Optional<CertificateRecord> find(String namespace, String serial) {
        return handle.createQuery(SELECT + " where c.namespace = :namespace and c.serial = :serial")
                .bind("namespace", namespace)
                .bind("serial", serial)
                .map((row, context) -> certificate(row))
                .findOne();
    }

    /** All of the namespace that certify that key, the oldest first, until the transaction ends. */
    public List<CertificateRecord> lockOfKey(String namespace, String keySha256) {
        return handle.createQuery(
                        SELECT
                                + " where c.namespace = :namespace and c.key_sha256 = :key order by c.issued_at, c.serial for update of c")
                .bind("namespace", namespace)
                .bind("key", keySha256)
                .map((row, context) -> certificate(row))
                .list();
    }

    /** Whether a certificate of the key was revoked because others have it. */
    public boolean isCompromised(String keySha256) {
        return handle.createQuery(
                        "select exists(select 1 from certificates where key_sha256 = :key and revocation_reason = 'key-compromise')")
                .bind("key", keySha256)
                .mapTo(boolean.class)
                .one();
    }

    /** In the place of a revocation that there was. */
    public void revoke(String serial, long accountId, Revocation revocation) {
        handle.createUpdate(
                        """
                        update certificates set revoked_at = :at, revoked_by = :account, revocation_reason = :reason,
                                                invalid_from = :invalidFrom
                        where serial = :serial
                        """)
                .bind("serial", serial)
                .bind("account", accountId)
                .bind("at", revocation.at())
                .bind("reason", revocation.reason())
                .bind("invalidFrom", revocation.invalidFrom().orElse(null))
                .execute();
    }

    /** Those of an issuing authority, in the order of their revocation. */
    public List<RevokedCertificate> revoked(String issuer) {
        return handle.createQuery(
                        """
                        select serial, revoked_at, revocation_reason, invalid_from from certificates
                        where issuer = :issuer and revoked_at is not null order by revoked_at, serial
                        """)
                .bind("issuer", issuer)
                .map(
                        (row, context) ->
                                new RevokedCertificate(
                                        row.getString("serial"), revocation(row).orElseThrow()))
                .list();
    }

    /** Keeps others from making the next list of the authority until this transaction ends. */
    public void lockList(String issuer) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended('crl ' || :issuer, 0))")
                .bind("issuer", issuer)
                .mapTo(String.class)
                .list();
    }

    public Optional<RevocationList> findList(String issuer) {
        return handle.createQuery(
                        "select number, der, made_at from revocation_lists where issuer = :issuer")
                .bind("issuer", issuer)
                .map(
                        (row, context) ->
                                new RevocationList(
                                        row.getLong("number"),
                                        new CertificateBytes(row.getBytes("der")),
                                        row.getTimestamp("made_at").toInstant()))
                .findOne();
    }

    /** In the place of the list that there was. */
    public void putList(String issuer, RevocationList list) {
        handle.createUpdate(
                        """
                        insert into revocation_lists (issuer, number, der, made_at)
                        values (:issuer, :number, :der, :madeAt)
                        on conflict (issuer) do update
                        set number = excluded.number, der = excluded.der, made_at = excluded.made_at
                        """)
                .bind("issuer", issuer)
                .bind("number", list.number())
                .bind("der", list.der().der())
                .bind("madeAt", list.madeAt())
                .execute();
    }

    /** Notes the job that a session is of. */
    public void insertJob(UUID session, CiJob job) {
        handle.createUpdate(
                        """
                        insert into ci_jobs (session_id, namespace, plugin, issuer, build_signer, repository, repository_id)
                        values (:session, :namespace, :plugin, :issuer, :buildSigner, :repository, :repositoryId)
                        """)
                .bind("session", session)
                .bind("namespace", job.plugin().namespace())
                .bind("plugin", job.plugin().name())
                .bind("issuer", job.issuer())
                .bind("buildSigner", job.buildSigner().orElse(null))
                .bind("repository", job.repository().orElse(null))
                .bind("repositoryId", job.repositoryId().orElse(null))
                .execute();
    }

    /** Empty for a session that is of no job. */
    public Optional<CiJob> findJob(UUID session) {
        return handle.createQuery(
                        """
                        select namespace, plugin, issuer, build_signer, repository, repository_id from ci_jobs
                        where session_id = :session
                        """)
                .bind("session", session)
                .map(
                        (row, context) ->
                                new CiJob(
                                        new PluginId(
                                                row.getString("namespace"),
                                                row.getString("plugin")),
                                        row.getString("issuer"),
                                        Optional.ofNullable(row.getString("build_signer")),
                                        Optional.ofNullable(row.getString("repository")),
                                        Optional.ofNullable(row.getString("repository_id"))))
                .findOne();
    }

    private static CertificateRecord certificate(ResultSet row) throws SQLException {
        return new CertificateRecord(
                row.getString("serial"),
                row.getString("issuer"),
                row.getString("namespace"),
                row.getString("account"),
                row.getString("kind"),
                row.getString("key_sha256"),
                new CertificateBytes(row.getBytes("der")),
                row.getTimestamp("not_before").toInstant(),
                row.getTimestamp("not_after").toInstant(),
                row.getTimestamp("issued_at").toInstant(),
                revocation(row));
    }

    private static Optional<Revocation> revocation(ResultSet row) throws SQLException {
        Optional<Instant> invalidFrom =
                Optional.ofNullable(row.getTimestamp("invalid_from")).map(Timestamp::toInstant);
        String reason = row.getString("revocation_reason");
        return reason == null
                ? Optional.empty()
                : Optional.of(
                        new Revocation(
                                row.getTimestamp("revoked_at").toInstant(), reason, invalidFrom));
    }
}
