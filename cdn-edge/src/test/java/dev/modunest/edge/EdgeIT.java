package dev.modunest.edge;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** An origin and an edge for each test. */
abstract class EdgeIT {

    static final String FILLED = "modunest_edge_fills_total{outcome=\"admitted\",}";

    @TempDir Path directory;
    FakeOrigin origin;
    TestEdge edge;

    @BeforeEach
    void startOriginAndEdge() {
        origin = new FakeOrigin();
        edge = new TestEdge(origin.uri(), directory, settings());
    }

    @AfterEach
    void stopEdgeAndOrigin() {
        edge.close();
        origin.close();
    }

    String[] settings() {
        return new String[0];
    }

    /** Starts the edge again on the same disk. */
    void restart(String... settings) {
        edge.close();
        edge = new TestEdge(origin.uri(), directory, settings);
    }
}
