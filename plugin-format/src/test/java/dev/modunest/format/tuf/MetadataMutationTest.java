package dev.modunest.format.tuf;

import static dev.modunest.format.tuf.SimulatedRepository.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** A changed document is refused, or says exactly what its keys signed. */
class MetadataMutationTest {

    private static final int MUTATIONS = Integer.getInteger("modunest.tuf.mutations", 600);
    private static final long SEED = Long.getLong("modunest.tuf.seed", 20_261_127L);

    private final SimulatedRepository repository = new SimulatedRepository();

    @ParameterizedTest
    @ValueSource(strings = {"root", "timestamp", "snapshot", "targets", "a"})
    void noMutationChangesWhatIsTrusted(String role) throws TufException {
        byte[] trustedRoot = repository.file("root");
        repository.delegate("targets", "a", false, "*");
        repository.addTarget("a", "x", "text");
        repository.publish("root", "a", "targets", "snapshot", "timestamp");
        byte[] original = repository.file(role);
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            repository.files.put(repository.path(role), mutate(original, random));
            MemoryStore store = new MemoryStore();
            store.write("root", trustedRoot);
            try {
                new TufClient(store, repository, () -> NOW, TufLimits.DEFAULT).refresh().get("x");
                assertThat(digest(store.documents.getOrDefault(role, new byte[0])))
                        .isEqualTo(digest(original));
            } catch (TufException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS * 8 / 10);
    }

    private static String digest(byte[] document) {
        return SignedDocument.parse(document).digest().hex();
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = bytes[random.nextInt(bytes.length)];
            case 2 -> {
                int from = random.nextInt(bytes.length);
                int length =
                        Math.min(
                                1 + random.nextInt(40),
                                Math.min(bytes.length - from, bytes.length - at));
                System.arraycopy(original, from, bytes, at, length);
            }
            default -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(original, 0, at);
                int skipped = random.nextInt(3);
                for (int i = 0; i < random.nextInt(3); i++) {
                    out.write(random.nextInt(256));
                }
                int rest = Math.min(at + skipped, original.length);
                out.write(original, rest, original.length - rest);
                return out.toByteArray();
            }
        }
        return bytes;
    }
}
