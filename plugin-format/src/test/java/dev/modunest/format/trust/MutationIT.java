package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.PathRules;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Nothing that is changed at random is trusted: neither the digest of the artifact nor a field or
 * byte of a bundle, of the proof, of a certificate or of what the trust root says.
 */
class MutationIT {

    private static final int CASES = Integer.getInteger("modunest.trust.mutations", 10_000);
    private static final long SEED = 20_261_127L;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{8,}={0,2}");

    private final Random random = new Random(SEED);
    private final TrustFixture fixture = new TrustFixture();
    private final TrustFixture.Release release = fixture.release();
    private final ReleaseVerifier verifier = fixture.verifier();

    @Test
    void trustsNothingThatIsChanged() {
        List<String> trusted = new ArrayList<>();
        assertThat(verify(verifier, release.evidence())).isInstanceOf(Verdict.Trusted.class);
        for (int i = 0; i < CASES; i++) {
            String what = mutate();
            if (!what.isEmpty()) {
                trusted.add(i + ": " + what);
            }
        }
        assertThat(trusted).isEmpty();
    }

    /** What was changed and is trusted nevertheless; empty as a rule. */
    private String mutate() {
        ReleaseEvidence good = release.evidence();
        return switch (random.nextInt(5)) {
            case 0 ->
                    trusted(
                            "digest",
                            new ReleaseEvidence(
                                    good.coordinate(),
                                    flip(good.artifact()),
                                    good.publisherBundle(),
                                    good.summaryBundle(),
                                    good.logProof(),
                                    List.of()));
            case 1 -> {
                String[] what = {""};
                byte[] changed = mutateJson(release.publisherBundle().bytes(), what);
                yield trusted(
                        "publisher bundle " + what[0],
                        new ReleaseEvidence(
                                good.coordinate(),
                                good.artifact(),
                                Optional.of(Octets.of(changed)),
                                good.summaryBundle(),
                                good.logProof(),
                                List.of()));
            }
            case 2 -> {
                String[] what = {""};
                byte[] changed = mutateJson(release.summaryBundle().bytes(), what);
                yield trusted(
                        "summary bundle " + what[0],
                        new ReleaseEvidence(
                                good.coordinate(),
                                good.artifact(),
                                good.publisherBundle(),
                                Octets.of(changed),
                                good.logProof(),
                                List.of()));
            }
            case 3 -> {
                String changed = mutateProof(good.logProof());
                yield trusted(
                        "proof",
                        new ReleaseEvidence(
                                good.coordinate(),
                                good.artifact(),
                                good.publisherBundle(),
                                good.summaryBundle(),
                                changed,
                                List.of()));
            }
            default -> mutateRoot();
        };
    }

    private String trusted(String what, ReleaseEvidence evidence) {
        return verify(verifier, evidence) instanceof Verdict.Trusted ? what : "";
    }

    private Verdict verify(ReleaseVerifier by, ReleaseEvidence evidence) {
        return by.verify(evidence, fixture.owner(), TrustFixture.NOW);
    }

    private Digest flip(Digest digest) {
        char[] hex = digest.hex().toCharArray();
        int at = random.nextInt(hex.length);
        hex[at] = Character.forDigit(Character.digit(hex[at], 16) ^ (1 + random.nextInt(15)), 16);
        return new Digest(new String(hex));
    }

    /**
     * Changes one value: a byte of what is base64, a character of what is not; or takes a field
     * away.
     */
    private byte[] mutateJson(byte[] json, String[] what) {
        ObjectNode document = StrictJson.object(json);
        JsonNode node = document;
        StringBuilder path = new StringBuilder();
        while (true) {
            if (node instanceof ObjectNode object) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                path.append('.').append(name);
                JsonNode inner = object.get(name);
                if (random.nextInt(40) == 0 && !isOneOfTwo(path)) {
                    object.remove(name);
                    break;
                }
                if (inner.isTextual()) {
                    object.put(name, mutateText(inner.textValue()));
                    break;
                }
                node = inner;
            } else if (node instanceof ArrayNode array && !array.isEmpty()) {
                int at = random.nextInt(array.size());
                path.append('[').append(at).append(']');
                JsonNode inner = array.get(at);
                if (random.nextInt(40) == 0 && !isOneOfTwo(path)) {
                    array.remove(at);
                    break;
                }
                if (inner.isTextual()) {
                    array.set(at, array.textNode(mutateText(inner.textValue())));
                    break;
                }
                node = inner;
            } else {
                document.put("more", "x");
                break;
            }
        }
        what[0] = path.toString();
        return CanonicalJson.text(document).getBytes(StandardCharsets.UTF_8);
    }

    /** Of time stamp and promise one proves the time alone, so neither is taken away. */
    private static boolean isOneOfTwo(StringBuilder path) {
        return path.indexOf("timestamp") >= 0
                || path.indexOf("rfc3161") >= 0
                || path.indexOf("inclusionPromise") >= 0;
    }

    private String mutateText(String text) {
        if (BASE64.matcher(text).matches() && text.length() % 4 == 0) {
            byte[] bytes = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(mutateBytes(bytes));
        }
        char[] characters = text.toCharArray();
        int at = random.nextInt(characters.length);
        characters[at] = (char) (characters[at] ^ (1 + random.nextInt(15)));
        return new String(characters);
    }

    private byte[] mutateBytes(byte[] bytes) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        changed[at] ^= (byte) (1 + random.nextInt(255));
        return switch (random.nextInt(10)) {
            case 0 -> java.util.Arrays.copyOf(bytes, bytes.length - 1);
            case 1 -> java.util.Arrays.copyOf(bytes, bytes.length + 1);
            default -> changed;
        };
    }

    /** Changes a line of the proof, where a key that is not known may have one. */
    private String mutateProof(String proof) {
        String[] lines = proof.split("\n", -1);
        int at = random.nextInt(lines.length);
        String line = lines[at];
        lines[at] = line.isEmpty() ? "x" : mutateLine(line);
        return String.join("\n", lines);
    }

    private String mutateLine(String line) {
        int space = line.lastIndexOf(' ');
        String last = line.substring(space + 1);
        return line.substring(0, space + 1) + mutateText(last);
    }

    private String mutateRoot() {
        String[] what = {""};
        byte[] changed = mutateRootJson(what);
        try {
            TrustedRoot root = TrustedRoot.parse(changed, PathRules.STRICT);
            ReleaseVerifier other =
                    new ReleaseVerifier(root, List.of(fixture.revoke()), fixture.policy());
            return verify(other, release.evidence()) instanceof Verdict.Trusted
                    ? "trust root " + what[0]
                    : "";
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /** Changes a key, a certificate or the id of a log: what the release hangs on. */
    private byte[] mutateRootJson(String[] what) {
        ObjectNode document = StrictJson.object(fixture.trustedRoot().bytes());
        List<ObjectNode> holders = new ArrayList<>();
        document.findParents("rawBytes").forEach(node -> holders.add((ObjectNode) node));
        ObjectNode holder = holders.get(random.nextInt(holders.size()));
        holder.put("rawBytes", mutateText(holder.get("rawBytes").textValue()));
        what[0] = "key or certificate " + holders.indexOf(holder);
        return CanonicalJson.text(document).getBytes(StandardCharsets.UTF_8);
    }
}
