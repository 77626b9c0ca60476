package dev.modunest.server.transparency;

import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TreeNodes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Asks one witness for its cosignature (C2SP tlog-witness, add-checkpoint). Not thread-safe. */
final class WitnessClient {

    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,18})\n");

    private final String name;
    private final URI url;
    private final NoteKey key;
    private final Duration answerWithin;
    private final HttpClient http;

    /** The tree that it cosigned last, as far as is known here. */
    private long known;

    WitnessClient(String name, URI url, NoteKey key, Duration answerWithin, HttpClient http) {
        this.name = name;
        this.url = URI.create(url.toString().replaceFirst("/*$", "") + "/add-checkpoint");
        this.key = key;
        this.answerWithin = answerWithin;
        this.http = http;
    }

    /** The cosignature, checked; throws IllegalStateException when the witness gives none. */
    List<Note.Line> cosign(SignedCheckpoint checkpoint, TreeNodes nodes) throws IOException {
        try {
            Answer answer = ask(checkpoint, nodes);
            if (answer.status() == 409) {
                known = size(answer.body(), checkpoint.checkpoint().size());
                answer = ask(checkpoint, nodes);
            }
            if (answer.status() != 200) {
                throw new IllegalStateException(
                        "the witness "
                                + name
                                + " answered "
                                + answer.status()
                                + ": "
                                + answer.body().strip());
            }
            List<Note.Line> lines = checked(checkpoint, answer.body());
            known = checkpoint.checkpoint().size();
            return lines;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the server stops", stopping);
        }
    }

    private record Answer(int status, String body) {}

    private Answer ask(SignedCheckpoint checkpoint, TreeNodes nodes)
            throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder("old " + known + "\n");
        ConsistencyProof.of(known, checkpoint.checkpoint().size(), nodes).path().stream()
                .map(Hash::base64)
                .forEach(hash -> body.append(hash).append('\n'));
        body.append('\n').append(checkpoint);
        HttpResponse<InputStream> response =
                http.send(
                        HttpRequest.newBuilder(url)
                                .timeout(answerWithin)
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream answer = response.body()) {
            return new Answer(
                    response.statusCode(),
                    new String(answer.readNBytes(Note.MAX_BYTES), StandardCharsets.UTF_8));
        }
    }

    private long size(String body, long most) {
        long size = SIZE.matcher(body).matches() ? Long.parseLong(body.strip()) : Long.MAX_VALUE;
        if (size > most) {
            throw new IllegalStateException(
                    "the witness "
                            + name
                            + " knows a tree of "
                            + body.strip()
                            + ", larger than ours of "
                            + most);
        }
        return size;
    }

    private List<Note.Line> checked(SignedCheckpoint checkpoint, String body) {
        List<Note.Line> lines = body.lines().map(Note.Line::parse).toList();
        SignedCheckpoint cosigned = checkpoint.with(lines);
        if (cosigned.find(key).isEmpty()) {
            throw new IllegalStateException(
                    "the witness "
                            + name
                            + " answered without a signature of the key that is configured");
        }
        return cosigned.only(List.of(key)).note().lines();
    }
}
