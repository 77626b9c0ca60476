package dev.modunest.server.witness;

import dev.modunest.db.Database;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.server.body.SmallBody;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code POST /witness/add-checkpoint} (C2SP tlog-witness). */
public final class WitnessEndpoint {

    private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,18})");
    private static final int MAX_HASHES = 63;

    private final Optional<Witness> witness;

    public WitnessEndpoint(WitnessConfig config, Database database, InstantSource clock) {
        this.witness = config.name().map(name -> witness(name, config, database, clock));
    }

    private static Witness witness(
            String name, WitnessConfig config, Database database, InstantSource clock) {
        NoteSigner signer =
                new NoteSigner(
                        name,
                        NoteKey.Kind.ED25519_COSIGNATURE,
                        new KeyStorage(Map.of())
                                .open(
                                        new KeyLocation.PemFile(config.keyFile().orElseThrow()),
                                        new Passphrase.None()));
        List<NoteKey> logs =
                config.logs().values().stream().map(log -> NoteKey.parse(log.key())).toList();
        return new Witness(signer, logs, database, clock);
    }

    /** Answers with a signature line, or with the status that the protocol gives the refusal. */
    public void addCheckpoint(ServerRequest request, ServerResponse response) {
        Witness cosigner =
                witness.orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.LOG_UNKNOWN,
                                        "This registry is no witness; its operator sets witness.name, witness.key_file and witness.logs to make it one"));
        Submission submission = read(request);
        switch (cosigner.cosign(submission.old(), submission.path(), submission.checkpoint())) {
            case Witness.Result.Cosigned(String line) ->
                    Answers.send(request, response, "text/plain; charset=utf-8", utf8(line));
            case Witness.Result.Conflict(long size) -> {
                response.status(Status.CONFLICT_409);
                Answers.send(request, response, "text/x.tlog.size", utf8(size + "\n"));
            }
            case Witness.Result.Unknown _ ->
                    throw new Rejection(
                            ProblemCode.LOG_UNKNOWN,
                            "The log "
                                    + submission.checkpoint().checkpoint().origin()
                                    + " is not among witness.logs; ask the operator of this registry");
            case Witness.Result.Unsigned _ ->
                    throw new Rejection(
                            ProblemCode.CHECKPOINT_UNSIGNED,
                            "No signature of the checkpoint is of the key that is configured for its log");
            case Witness.Result.Inconsistent _ ->
                    throw new Rejection(
                            ProblemCode.CHECKPOINT_INCONSISTENT,
                            "The proof does not show that the tree continues the one that was cosigned last");
        }
    }

    private record Submission(long old, List<Hash> path, SignedCheckpoint checkpoint) {}

    private static Submission read(ServerRequest request) {
        String body = new String(SmallBody.read(request, Note.MAX_BYTES), StandardCharsets.UTF_8);
        int blank = body.indexOf("\n\n");
        if (blank < 0) {
            throw malformed("there is no blank line");
        }
        List<String> lines = List.of(body.substring(0, blank).split("\n", -1));
        Matcher old = OLD.matcher(lines.getFirst());
        if (!old.matches() || lines.size() > MAX_HASHES + 1) {
            throw malformed("the first line is 'old' and a size, and at most 63 hashes follow");
        }
        try {
            SignedCheckpoint checkpoint = SignedCheckpoint.parse(body.substring(blank + 2));
            long oldSize = Long.parseLong(old.group(1));
            if (oldSize > checkpoint.checkpoint().size()) {
                throw malformed("the old size is larger than that of the checkpoint");
            }
            return new Submission(oldSize, hashes(lines.subList(1, lines.size())), checkpoint);
        } catch (IllegalArgumentException garbage) {
            throw malformed(String.valueOf(garbage.getMessage()));
        }
    }

    private static List<Hash> hashes(List<String> lines) {
        List<Hash> hashes = new ArrayList<>();
        for (String line : lines) {
            hashes.add(
                    Hash.parse(line).orElseThrow(() -> malformed("a hash is base64 of 32 bytes")));
        }
        return hashes;
    }

    private static Rejection malformed(String what) {
        return new Rejection(
                ProblemCode.CHECKPOINT_MALFORMED,
                "The body is no submission of a checkpoint: "
                        + what
                        + "; send 'old <size>', the hashes of a consistency proof, a blank line and the checkpoint");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
