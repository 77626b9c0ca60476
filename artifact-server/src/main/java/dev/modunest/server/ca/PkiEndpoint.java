package dev.modunest.server.ca;

import dev.modunest.server.key.Pem;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustDirectory;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.HashMap;
import java.util.Map;

/** {@code /pki}: certificates of authorities and lists of revocations, DER (RFC 2585). */
public final class PkiEndpoint {

    private static final String LIST = ".crl";
    private static final String ROOT_LIST = "root-r1" + LIST;

    private final TrustDirectory trust;

    private final RevocationLists lists;
    private final Map<String, byte[]> certificates = new HashMap<>();

    public PkiEndpoint(TrustDirectory trust, RevocationLists lists) {
        this.trust = trust;
        this.lists = lists;
        certificates.put("root-r1.crt", Pem.der(trust.root()));
        certificates.put("tsa.crt", Pem.der(trust.timeStamping().certificate()));
        certificates.put("registry.crt", Pem.der(trust.registry().certificate()));
        for (IssuingAuthority issuing : trust.authorities()) {
            certificates.put(
                    "issuing-" + issuing.id() + ".crt", Pem.der(issuing.authority().certificate()));
        }
    }

    /** {@code GET /pki/{file}}. */
    public void get(ServerRequest request, ServerResponse response) {
        String file = request.path().pathParameters().get("file");
        if (file.endsWith(LIST)) {
            byte[] list =
                    (file.equals(ROOT_LIST)
                                    ? trust.rootList()
                                    : lists.find(file.substring(0, file.length() - LIST.length())))
                            .orElseThrow(() -> unknown(file));
            response.header(HeaderNames.CACHE_CONTROL, "public, max-age=30");
            Answers.send(request, response, "application/pkix-crl", list);
            return;
        }
        byte[] certificate = certificates.get(file);
        if (certificate == null) {
            throw unknown(file);
        }
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=3600");
        Answers.send(request, response, "application/pkix-cert", certificate);
    }

    private static Rejection unknown(String file) {
        return new Rejection(
                ProblemCode.PKI_UNKNOWN,
                "There is no "
                        + file.replaceAll("[^A-Za-z0-9.-]", "?")
                        + " here; the certificates of publishers name their list, and /pki/root-r1.crt is the root");
    }
}
