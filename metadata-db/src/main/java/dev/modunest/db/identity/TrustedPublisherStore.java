package dev.modunest.db.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.PluginId;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which CI jobs publish which plugins, and what their machine accounts may. */
public final class TrustedPublisherStore {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> CLAIMS = new TypeReference<>() {};

    private static final String SELECT =
            """
            select t.id, t.namespace, t.plugin, t.provider, t.issuer, t.claims::text as claims, t.account_id,
                   machine.name as account, creator.name as created_by, t.created_at, t.last_used_at
            from trusted_publishers t
            join accounts machine on machine.id = t.account_id
            join accounts creator on creator.id = t.created_by
            """;

    private final Handle handle;

    public TrustedPublisherStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Trusts the job: its machine account may publish the plugin and no other. Says whether it was
     * not trusted yet; else nothing is kept.
     */
    public boolean insert(TrustedPublisher publisher, long createdBy) {
        boolean fresh =
                handle.createUpdate(
                                        """
                                        insert into trusted_publishers (id, namespace, plugin, provider, issuer, claims, account_id, created_by, created_at)
                                        values (:id, :namespace, :plugin, :provider, :issuer, :claims::jsonb, :account, :by, :now)
                                        on conflict (namespace, plugin, issuer, claims) do nothing
                                        """)
                                .bind("id", publisher.id())
                                .bind("namespace", publisher.plugin().namespace())
                                .bind("plugin", publisher.plugin().name())
                                .bind("provider", publisher.provider())
                                .bind("issuer", publisher.issuer())
                                .bind("claims", write(publisher.claims()))
                                .bind("account", publisher.accountId())
                                .bind("by", createdBy)
                                .bind("now", publisher.createdAt())
                                .execute()
                        == 1;
        if (fresh) {
            handle.createUpdate(
                            """
                            insert into grants (account_id, role, namespace, plugin, granted_by, created_at)
                            values (:account, 'publisher', :namespace, :plugin, :by, :now)
                            """)
                    .bind("account", publisher.accountId())
                    .bind("namespace", publisher.plugin().namespace())
                    .bind("plugin", publisher.plugin().name())
                    .bind("by", createdBy)
                    .bind("now", publisher.createdAt())
                    .execute();
        }
        return fresh;
    }

    /** Those of the plugin, the oldest first. */
    public List<TrustedPublisher> list(PluginId plugin) {
        return handle.createQuery(
                        SELECT
                                + " where t.namespace = :namespace and t.plugin = :plugin order by t.created_at, t.id")
                .bind("namespace", plugin.namespace())
                .bind("plugin", plugin.name())
                .map((row, context) -> publisher(row))
                .list();
    }

    /** Numbers of the repositories whose jobs are trusted, where the CI has such. */
    public Set<String> repositoryIds(PluginId plugin) {
        return handle.createQuery(
                        """
                        select distinct coalesce(claims->>'repository_id', claims->>'project_id')
                        from trusted_publishers
                        where namespace = :namespace and plugin = :plugin
                          and coalesce(claims->>'repository_id', claims->>'project_id') ~ '^[0-9]+$'
                        """)
                .bind("namespace", plugin.namespace())
                .bind("plugin", plugin.name())
                .mapTo(String.class)
                .set();
    }

    /**
     * Those of the issuer all of whose claims are among {@code facts}.
     *
     * @param facts what an ID token says, by name
     */
    public List<TrustedPublisher> matching(String issuer, Map<String, String> facts, int limit) {
        return handle.createQuery(
                        SELECT
                                + """
                                where t.issuer = :issuer and t.claims <@ :facts::jsonb and machine.disabled_at is null
                                order by t.namespace, t.plugin, t.id limit :limit
                                """)
                .bind("issuer", issuer)
                .bind("facts", write(facts))
                .bind("limit", limit)
                .map((row, context) -> publisher(row))
                .list();
    }

    /**
     * Trusts the job no longer; its machine account may nothing any more, and its sessions end.
     * Empty when the plugin has no such publisher.
     */
    public Optional<TrustedPublisher> delete(PluginId plugin, UUID id, Instant now) {
        Optional<TrustedPublisher> publisher =
                list(plugin).stream().filter(one -> one.id().equals(id)).findFirst();
        publisher.ifPresent(one -> delete(one, now));
        return publisher;
    }

    private void delete(TrustedPublisher publisher, Instant now) {
        handle.createUpdate("delete from trusted_publishers where id = :id")
                .bind("id", publisher.id())
                .execute();
        handle.createUpdate("delete from grants where account_id = :account")
                .bind("account", publisher.accountId())
                .execute();
        handle.createUpdate("update accounts set disabled_at = :now where id = :account")
                .bind("account", publisher.accountId())
                .bind("now", now)
                .execute();
    }

    public void touch(UUID id, Instant now) {
        handle.createUpdate("update trusted_publishers set last_used_at = :now where id = :id")
                .bind("id", id)
                .bind("now", now)
                .execute();
    }

    private static String write(Map<String, String> claims) {
        try {
            return JSON.writeValueAsString(claims);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static TrustedPublisher publisher(ResultSet row) throws SQLException {
        return new TrustedPublisher(
                row.getObject("id", UUID.class),
                new PluginId(row.getString("namespace"), row.getString("plugin")),
                row.getString("provider"),
                row.getString("issuer"),
                read(row.getString("claims")),
                row.getLong("account_id"),
                row.getString("account"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("last_used_at")).map(Timestamp::toInstant));
    }

    private static Map<String, String> read(String claims) {
        try {
            return JSON.readValue(claims, CLAIMS);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("the claims of a trusted publisher", corrupt);
        }
    }
}
