package dev.modunest.server.namespace;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;

import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * Looks up TXT records by the JDK's own DNS client, within the time that the settings allow. Its
 * answers are texts: nothing of them is deserialized. Thread-safe.
 */
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class TextRecords {

    private static final int MOST = 100;

    private final NamespacesConfig config;

    TextRecords(NamespacesConfig config) {
        this.config = config;
    }

    /** The texts at {@code name}; throws {@link Rejection} when the resolver does not answer. */
    List<String> find(String name) {
        try {
            InitialDirContext resolver = new InitialDirContext(environment());
            try {
                Attribute texts = resolver.getAttributes(name, new String[] {"TXT"}).get("TXT");
                return texts == null ? List.of() : texts(texts);
            } finally {
                resolver.close();
            }
        } catch (NameNotFoundException _) {
            return List.of();
        } catch (NamingException failed) {
            throw new Rejection(
                            ProblemCode.DNS_UNAVAILABLE,
                            "The TXT records of "
                                    + name
                                    + " could not be looked up: "
                                    + failed.getClass().getSimpleName()
                                    + "; check the name servers of the domain and try again")
                    .with("Retry-After", "30");
        }
    }

    private Hashtable<String, String> environment() {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(
                Context.PROVIDER_URL,
                config.resolver().map(address -> "dns://" + address + "/").orElse("dns:"));
        environment.put(
                "com.sun.jndi.dns.timeout.initial", Long.toString(config.dnsTimeout().toMillis()));
        environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(config.dnsTries()));
        return environment;
    }

    private static List<String> texts(Attribute records) throws NamingException {
        List<String> texts = new ArrayList<>();
        NamingEnumeration<?> all = records.getAll();
        try {
            while (all.hasMore() && texts.size() < MOST) {
                texts.add(unquoted(String.valueOf(all.next())));
            }
        } finally {
            all.close();
        }
        return texts;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
