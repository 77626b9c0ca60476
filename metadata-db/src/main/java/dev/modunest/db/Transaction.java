package dev.modunest.db;

import dev.modunest.db.identity.AccessStore;
import dev.modunest.db.identity.DeviceCodeStore;
import dev.modunest.db.identity.GrantStore;
import dev.modunest.db.identity.HostStore;
import dev.modunest.db.identity.IdentityStore;
import dev.modunest.db.identity.NamespaceProofStore;
import dev.modunest.db.identity.NamespaceTransferStore;
import dev.modunest.db.identity.OrganizationStore;
import dev.modunest.db.identity.PasswordStore;
import dev.modunest.db.identity.SessionStore;
import dev.modunest.db.identity.SignInStore;
import dev.modunest.db.identity.SigningKeyStore;
import dev.modunest.db.identity.TeamStore;
import dev.modunest.db.identity.TrustedPublisherStore;
import dev.modunest.db.identity.UsedAssertionStore;
import dev.modunest.db.trust.CertificateStore;
import dev.modunest.db.trust.FreshnessStore;
import dev.modunest.db.trust.LogStore;
import dev.modunest.db.trust.UploadedBundleStore;
import dev.modunest.db.trust.WitnessStore;

import org.jdbi.v3.core.Handle;

import java.util.ArrayList;
import java.util.List;

/**
 * The stores on one connection; valid inside the {@link Database.Work} that was given it. Not
 * thread-safe.
 */
public final class Transaction {

    private final Handle handle;
    private boolean changesAccess;
    private final List<AuditEntry> audited = new ArrayList<>();
    private final LogStore.Appended logged = new LogStore.Appended();

    Transaction(Handle handle) {
        this.handle = handle;
    }

    public AccountStore accounts() {
        return new AccountStore(handle);
    }

    public TokenStore tokens() {
        return new TokenStore(handle);
    }

    public NamespaceStore namespaces() {
        return new NamespaceStore(handle);
    }

    public PluginStore plugins() {
        return new PluginStore(handle);
    }

    public SearchStore search() {
        return new SearchStore(handle);
    }

    public RankingStore ranking() {
        return new RankingStore(handle);
    }

    public ReleaseStore releases() {
        return new ReleaseStore(handle);
    }

    public ReleaseStateStore releaseStates() {
        return new ReleaseStateStore(handle);
    }

    public AuditStore audit() {
        return new AuditStore(handle, audited);
    }

    public LogStore log() {
        return new LogStore(handle, OutboxStore.CHANNEL, logged);
    }

    public FreshnessStore freshness() {
        return new FreshnessStore(handle);
    }

    public FreshnessIndex freshnessIndex() {
        return new FreshnessIndex(handle);
    }

    public WitnessStore witnessedLogs() {
        return new WitnessStore(handle);
    }

    public UploadedBundleStore uploadedBundles() {
        return new UploadedBundleStore(handle);
    }

    /**
     * Appends to audit and log what was handed to them, in the one order in which their ends are
     * locked.
     */
    void writeLast() {
        audit().write();
        log().write();
    }

    public ArtifactIndex artifacts() {
        return new ArtifactIndex(handle);
    }

    public DownloadStore downloads() {
        return new DownloadStore(handle);
    }

    public OutboxStore outbox() {
        return new OutboxStore(handle);
    }

    public PublishStore publishes() {
        return new PublishStore(handle);
    }

    public IdempotencyStore idempotency() {
        return new IdempotencyStore(handle);
    }

    public PartitionStore partitions() {
        return new PartitionStore(handle, audit());
    }

    public RetentionStore retention() {
        return new RetentionStore(handle);
    }

    public StatisticsStore statistics() {
        return new StatisticsStore(handle);
    }

    public BulkStore bulk() {
        return new BulkStore(handle);
    }

    public InventoryStore inventory() {
        return new InventoryStore(handle);
    }

    public AccessStore access() {
        return new AccessStore(handle);
    }

    /**
     * Has every server forget what it remembers of access once this transaction is committed:
     * belongs into each that gives a right or takes one away.
     */
    public void accessChanged() {
        changesAccess = true;
        new AccessStore(handle).changed(OutboxStore.CHANNEL);
    }

    boolean changesAccess() {
        return changesAccess;
    }

    public CertificateStore certificates() {
        return new CertificateStore(handle);
    }

    public OrganizationStore organizations() {
        return new OrganizationStore(handle);
    }

    public TeamStore teams() {
        return new TeamStore(handle);
    }

    public GrantStore grants() {
        return new GrantStore(handle);
    }

    public NamespaceProofStore namespaceProofs() {
        return new NamespaceProofStore(handle);
    }

    public NamespaceTransferStore namespaceTransfers() {
        return new NamespaceTransferStore(handle);
    }

    public SessionStore sessions() {
        return new SessionStore(handle);
    }

    public PasswordStore passwords() {
        return new PasswordStore(handle);
    }

    public IdentityStore identities() {
        return new IdentityStore(handle);
    }

    public SignInStore signIns() {
        return new SignInStore(handle);
    }

    public DeviceCodeStore deviceCodes() {
        return new DeviceCodeStore(handle);
    }

    public SigningKeyStore signingKeys() {
        return new SigningKeyStore(handle);
    }

    public UsedAssertionStore usedAssertions() {
        return new UsedAssertionStore(handle);
    }

    public HostStore hosts() {
        return new HostStore(handle);
    }

    public TrustedPublisherStore trustedPublishers() {
        return new TrustedPublisherStore(handle);
    }
}
