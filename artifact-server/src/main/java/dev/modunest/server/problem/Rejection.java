package dev.modunest.server.problem;

import dev.modunest.format.http.Problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends a request with a problem document. The message names the limit, the actual value and the
 * next step.
 */
public final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient List<Problem.Fault> faults;
    private final transient Map<String, String> headers;

    public Rejection(ProblemCode code, String detail) {
        this(code, detail, List.of(), Map.of());
    }

    public Rejection(ProblemCode code, String detail, List<Problem.Fault> faults) {
        this(code, detail, faults, Map.of());
    }

    private Rejection(
            ProblemCode code,
            String detail,
            List<Problem.Fault> faults,
            Map<String, String> headers) {
        super(detail, null, false, false);
        this.code = code;
        this.faults = List.copyOf(faults);
        this.headers = Map.copyOf(headers);
    }

    /** The same with a response header. */
    public Rejection with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Rejection(code, detail(), faults, more);
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Problem.Fault> faults() {
        return faults;
    }

    /** Response headers, by name. */
    public Map<String, String> headers() {
        return headers;
    }
}
