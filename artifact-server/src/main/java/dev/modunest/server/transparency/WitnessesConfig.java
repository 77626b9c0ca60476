package dev.modunest.server.transparency;

import dev.modunest.settings.Default;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Who is asked to cosign checkpoints (C2SP tlog-witness).
 *
 * @param of by a name for messages
 * @param quorum how many must cosign before a checkpoint is published; 0 publishes with those that
 *     do
 * @param answerWithin longest wait for a cosignature
 */
public record WitnessesConfig(
        Map<String, Witness> of, @Default("0") int quorum, @Default("2s") Duration answerWithin) {

    private static final int MOST = 16;

    /**
     * One of them.
     *
     * @param url before {@code /add-checkpoint}
     * @param key its verifier key, {@code <name>+<id>+<base64>}
     */
    public record Witness(URI url, String key) {}

    public WitnessesConfig {
        if (of.size() > MOST) {
            throw new IllegalArgumentException("of has at most 16 witnesses, not " + of.size());
        }
        if (quorum < 0 || quorum > of.size()) {
            throw new IllegalArgumentException(
                    "quorum is 0 to "
                            + of.size()
                            + ", as many as there are witnesses, not "
                            + quorum);
        }
        of = Map.copyOf(of);
    }
}
