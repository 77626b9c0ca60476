package dev.modunest.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.tuf.MetadataStore;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufClient;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.TufLimits;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A host's client of TUF, and what it keeps. */
final class TestHost {

    private final RepositoryReader repository;
    private final InstantSource clock;
    private final Map<String, byte[]> kept = new HashMap<>();

    TestHost(RepositoryReader repository, InstantSource clock, byte[] root) {
        this.repository = repository;
        this.clock = clock;
        kept.put("root", root);
    }

    /** That of a registry which has begun its repository. */
    static TestHost of(TestRegistry registry) {
        Awaiting.until(() -> registry.get("/tuf/timestamp.json").statusCode() == 200);
        return new TestHost(
                (path, maxBytes) -> {
                    var answer = registry.get("/tuf/" + path);
                    return switch (answer.statusCode()) {
                        case 200 -> Optional.of(answer.body());
                        case 404 -> Optional.empty();
                        default -> throw new IOException(path + ": " + answer.statusCode());
                    };
                },
                InstantSource.system(),
                registry.get("/tuf/1.root.json").body());
    }

    TrustedTargets refresh() throws TufException {
        MetadataStore store =
                new MetadataStore() {
                    @Override
                    public Optional<byte[]> read(String role) {
                        return Optional.ofNullable(kept.get(role));
                    }

                    @Override
                    public void write(String role, byte[] document) {
                        kept.put(role, document);
                    }

                    @Override
                    public void remove(String role) {
                        kept.remove(role);
                    }
                };
        return new TufClient(store, repository, clock, TufLimits.DEFAULT).refresh();
    }

    /** The content of a target; empty when there is none. */
    Optional<byte[]> target(String path) {
        try {
            TrustedTargets trusted = refresh();
            Optional<TargetFile> file = trusted.find(path);
            RepositoryReader below = (name, max) -> repository.fetch("targets/" + name, max);
            return file.isEmpty()
                    ? Optional.empty()
                    : Optional.of(trusted.download(file.get(), below));
        } catch (TufException refused) {
            throw new AssertionError(path, refused);
        }
    }

    Optional<ObjectNode> json(String path) {
        return target(path).map(StrictJson::object);
    }

    /** A plugin's document. */
    Optional<ObjectNode> index(String plugin) {
        return json("index/" + plugin + ".json");
    }
}
