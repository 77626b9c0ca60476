package dev.modunest.server.witness;

import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.trust.LogShard.TreeHead;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Cosigns a tree of a log when it continues the one cosigned before, which is noted before the
 * cosignature is given. Thread-safe.
 */
final class Witness {

    private final NoteSigner signer;
    private final List<NoteKey> logs;
    private final Database database;
    private final InstantSource clock;

    /** What came of it. */
    sealed interface Result {

        /** The signature line. */
        record Cosigned(String line) implements Result {}

        /** The log is not configured here. */
        record Unknown() implements Result {}

        /** No key of the log signed the checkpoint. */
        record Unsigned() implements Result {}

        /**
         * The request is for another old size than that of the tree cosigned last, or for another
         * root of that size.
         */
        record Conflict(long size) implements Result {}

        /** The proof does not prove. */
        record Inconsistent() implements Result {}
    }

    Witness(NoteSigner signer, Collection<NoteKey> logs, Database database, InstantSource clock) {
        this.signer = signer;
        this.logs = List.copyOf(logs);
        this.database = database;
        this.clock = clock;
    }

    /**
     * Cosigns {@code checkpoint} if {@code path} proves that it continues the tree of {@code
     * oldSize}.
     */
    Result cosign(long oldSize, List<Hash> path, SignedCheckpoint checkpoint) {
        String origin = checkpoint.checkpoint().origin();
        List<NoteKey> keys = logs.stream().filter(key -> key.name().equals(origin)).toList();
        if (keys.isEmpty()) {
            return new Result.Unknown();
        }
        if (keys.stream().noneMatch(key -> checkpoint.find(key).isPresent())) {
            return new Result.Unsigned();
        }
        return database.inTransaction(tx -> cosign(tx, oldSize, path, checkpoint.checkpoint()));
    }

    private Result cosign(Transaction tx, long oldSize, List<Hash> path, Checkpoint checkpoint) {
        Optional<TreeHead> noted = tx.witnessedLogs().lock(checkpoint.origin());
        TreeHead last = noted.orElse(new TreeHead(0, Hash.empty().base64()));
        String root = checkpoint.root().base64();
        if (last.size() != oldSize || (oldSize == checkpoint.size() && !last.root().equals(root))) {
            return new Result.Conflict(last.size());
        }
        ConsistencyProof proof = new ConsistencyProof(oldSize, checkpoint.size(), path);
        if (!proof.proves(Hash.parse(last.root()).orElseThrow(), checkpoint.root())) {
            return new Result.Inconsistent();
        }
        TreeHead next = new TreeHead(checkpoint.size(), root);
        if (noted.isPresent()) {
            tx.witnessedLogs().update(checkpoint.origin(), next, clock.instant());
        } else if (!tx.witnessedLogs().insert(checkpoint.origin(), next, clock.instant())) {
            return cosign(tx, oldSize, path, checkpoint);
        }
        return new Result.Cosigned(signer.sign(checkpoint, clock.instant()).text());
    }
}
