package dev.modunest.server.publish;

import static dev.modunest.server.publish.SignerRules.refused;

import dev.modunest.db.Database;
import dev.modunest.format.PluginId;
import dev.modunest.format.trust.BuilderPolicy;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.server.attest.SignedRelease;

import java.util.Optional;
import java.util.Set;

/** Which level the bundles of a release amount to; docs/format/trust.md has the levels. */
final class LevelRules {

    private static final int WITNESSES = 2;

    private final Database database;
    private final BuilderPolicy builders;
    private final boolean witnessed;

    /**
     * @param quorum how many witnesses every head of the log has
     */
    LevelRules(Database database, BuilderPolicy builders, int quorum) {
        this.database = database;
        this.builders = builders;
        this.witnessed = quorum >= WITNESSES;
    }

    SignedRelease signed(
            PluginId plugin,
            BundleRules.Checked publisher,
            Optional<BundleRules.Checked> provenance,
            Optional<BundleRules.Checked> second) {
        second.ifPresent(signature -> requireAnother(publisher.signer(), signature.signer()));
        TrustLevel level = TrustLevel.PS_L2;
        if (provenance.filter(built -> counts(plugin, built)).isPresent()) {
            level = second.isPresent() && witnessed ? TrustLevel.PS_L4 : TrustLevel.PS_L3;
        }
        return new SignedRelease(
                Optional.of(publisher.bundle()),
                provenance.map(BundleRules.Checked::bundle),
                second.map(BundleRules.Checked::bundle),
                level);
    }

    /** Two signatures are worth more than one where two people made them. */
    private static void requireAnother(SignerRules.Signer first, SignerRules.Signer second) {
        if (second.certificate().key().equals(first.certificate().key())) {
            throw refused("the second signature is with the key of the first");
        }
        if (second.account().equals(first.account())) {
            throw refused(
                    "both signatures are of the account "
                            + first.account()
                            + "; another owner of the namespace has to sign too");
        }
    }

    private boolean counts(PluginId plugin, BundleRules.Checked built) {
        Set<String> repositories =
                database.read(tx -> tx.trustedPublishers().repositoryIds(plugin));
        return builders.faultOf(
                        built.signer().certificate(),
                        BuildProvenance.of(built.statement()),
                        repositories)
                .isEmpty();
    }
}
