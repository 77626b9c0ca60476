package dev.modunest.server.transparency;

import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TreeNodes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Collects the cosignatures of those who watch that the log only grows. Not thread-safe. */
final class Witnesses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);

    private final int quorum;
    private final HttpClient http;
    private final List<WitnessClient> clients;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Witnesses(WitnessesConfig config) {
        this.quorum = config.quorum();
        this.http = HttpClient.newBuilder().connectTimeout(config.answerWithin()).build();
        this.clients =
                config.of().entrySet().stream()
                        .map(
                                witness ->
                                        new WitnessClient(
                                                witness.getKey(),
                                                witness.getValue().url(),
                                                NoteKey.parse(witness.getValue().key()),
                                                config.answerWithin(),
                                                http))
                        .toList();
    }

    /**
     * The checkpoint with the cosignatures that came in time; throws when they are fewer than the
     * quorum.
     */
    SignedCheckpoint cosign(SignedCheckpoint checkpoint, TreeNodes nodes)
            throws InterruptedException {
        List<Callable<List<Note.Line>>> asking = new ArrayList<>();
        for (WitnessClient client : clients) {
            asking.add(() -> client.cosign(checkpoint, synchronizedNodes(nodes)));
        }
        List<Note.Line> cosignatures = new ArrayList<>();
        int answered = 0;
        for (Future<List<Note.Line>> answer : threads.invokeAll(asking)) {
            List<Note.Line> lines = lines(answer);
            cosignatures.addAll(lines);
            answered += lines.isEmpty() ? 0 : 1;
        }
        if (answered < quorum) {
            throw new IllegalStateException(
                    answered
                            + " witnesses cosigned the tree of "
                            + checkpoint.checkpoint().size()
                            + " and witnesses.quorum is "
                            + quorum);
        }
        return cosignatures.isEmpty() ? checkpoint : checkpoint.with(cosignatures);
    }

    private static TreeNodes synchronizedNodes(TreeNodes nodes) {
        return (level, index) -> {
            synchronized (nodes) {
                return nodes.node(level, index);
            }
        };
    }

    private static List<Note.Line> lines(Future<List<Note.Line>> answer)
            throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            LOG.warn("a witness does not cosign", failed);
            return List.of();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }
}
