package dev.modunest.edge;

import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Talks to the administration of an edge. */
record AdminClient(TestEdge edge) {

    static final String TOKEN = "a-token-of-the-operator";

    HttpResponse<byte[]> send(String method, String path, String body) {
        return edge.exchange(
                request(path)
                        .header("Authorization", "Bearer " + TOKEN)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    HttpResponse<byte[]> post(String path, JsonObject body) {
        return send("POST", path, body.encode());
    }

    JsonObject get(String path) {
        return json(send("GET", path, ""));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(edge.server().adminUri().orElseThrow().resolve(path))
                .timeout(TestEdge.PATIENCE);
    }

    static JsonObject json(HttpResponse<byte[]> response) {
        return new JsonObject(TestEdge.text(response));
    }
}
