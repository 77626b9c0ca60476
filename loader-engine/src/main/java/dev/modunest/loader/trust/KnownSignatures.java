package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.SignatureMemory;
import dev.modunest.loader.log.LoaderLog;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code signatures}: the facts of {@link SignatureMemory} as 32 bytes each, beside what else the
 * host trusted. Thread-safe.
 */
final class KnownSignatures implements SignatureMemory {

    private static final String FILE = "signatures";
    private static final int FACT_BYTES = 32;
    private static final int MOST = 200_000;

    private final Path home;
    private final Set<Digest> known;
    private final Set<Digest> used = ConcurrentHashMap.newKeySet();
    private volatile boolean changed;

    private KnownSignatures(Path home, Set<Digest> known) {
        this.home = home;
        this.known = ConcurrentHashMap.newKeySet(Math.max(16, known.size()));
        this.known.addAll(known);
    }

    /** Those of {@code home}, which need not be there: a folder would say that something is. */
    static KnownSignatures in(Path home) throws IOException {
        Set<Digest> known = new HashSet<>();
        Optional<byte[]> file =
                Files.isDirectory(home) ? StateFolder.open(home).read(FILE) : Optional.empty();
        if (file.isPresent() && file.get().length % FACT_BYTES == 0) {
            byte[] facts = file.get();
            for (int at = 0; at < facts.length; at += FACT_BYTES) {
                known.add(new Digest(HexFormat.of().formatHex(facts, at, at + FACT_BYTES)));
            }
        }
        return new KnownSignatures(home, known);
    }

    @Override
    public boolean isKnown(Digest fact) {
        boolean isKnown = known.contains(fact);
        if (isKnown) {
            used.add(fact);
        }
        return isKnown;
    }

    @Override
    public void add(Digest fact) {
        used.add(fact);
        known.add(fact);
        changed = true;
    }

    /** Keeps what is new; when that fails, it is verified again the next time. */
    void save() {
        if (!changed || !Files.isDirectory(home)) {
            return;
        }
        changed = false;
        if (known.size() > MOST) {
            known.retainAll(used);
        }
        Set<Digest> facts = Set.copyOf(known);
        ByteBuffer content = ByteBuffer.allocate(facts.size() * FACT_BYTES);
        facts.forEach(fact -> content.put(HexFormat.of().parseHex(fact.hex())));
        try {
            StateFolder.open(home).write(FILE, content.array());
        } catch (IOException unwritable) {
            LoaderLog.get()
                    .log(Level.WARNING, "what was verified cannot be remembered", unwritable);
        }
    }
}
