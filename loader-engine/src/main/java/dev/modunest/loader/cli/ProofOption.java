package dev.modunest.loader.cli;

import dev.modunest.format.Digest;
import dev.modunest.format.log.NoteKey;
import dev.modunest.loader.TrustOptionsBuilder;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Set;

/** What proves more than a publisher's signature, as options that several commands share. */
final class ProofOption {

    @Option(
            names = "--builder",
            paramLabel = "ID",
            description = {
                "A builder whose provenance counts (PS_L3): its id, or what ids begin with",
                "before a slash or an at sign. May be given several times."
            })
    private List<String> builders = List.of();

    @Option(
            names = "--witness",
            paramLabel = "KEY",
            converter = VerifierKey.class,
            description = {
                "The verifier key of a witness of the log, NAME+ID+KEY; PS_L4 needs two.",
                "May be given several times."
            })
    private List<NoteKey> witnesses = List.of();

    @Option(
            names = "--accept-policy",
            paramLabel = "DIGEST",
            converter = PolicyDigest.class,
            description = {
                "sha256:HEX of a policy.json by which the registry checked once, besides its present",
                "one and those that it supersedes. May be given several times."
            })
    private List<Digest> policies = List.of();

    ProofOption() {}

    TrustOptionsBuilder applied(TrustOptionsBuilder options) {
        return options.builders(Set.copyOf(builders))
                .witnesses(witnesses, 0)
                .rules(Set.copyOf(policies));
    }

    private static final class PolicyDigest implements ITypeConverter<Digest> {

        @Override
        public Digest convert(String text) {
            return Digest.parse(text);
        }
    }

    /** {@code <name>+<id>+<base64>} (C2SP signed-note). */
    private static final class VerifierKey implements ITypeConverter<NoteKey> {

        @Override
        public NoteKey convert(String text) {
            return NoteKey.parse(text);
        }
    }
}
