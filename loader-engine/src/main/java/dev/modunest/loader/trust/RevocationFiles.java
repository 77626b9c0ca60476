package dev.modunest.loader.trust;

import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.RevocationList;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The revocation lists of the issuing authorities, {@code /pki/i1.crl} and so on in the order of
 * the trust root. Of each the newest that its authority signed is kept.
 */
final class RevocationFiles {

    private static final int MAX_BYTES = 16 << 20;

    private final StateFolder folder;
    private final RegistryFiles files;

    RevocationFiles(StateFolder folder, RegistryFiles files) {
        this.folder = folder;
        this.files = files;
    }

    List<RevocationList> lists(TrustedRoot root, boolean ask) throws IOException {
        List<RevocationList> lists = new ArrayList<>();
        int number = 1;
        Set<Certificate> roots = new LinkedHashSet<>();
        for (AuthorityChain chain : root.authorities()) {
            list("pki/i" + number++ + ".crl", chain.issuing(), ask).ifPresent(lists::add);
            roots.add(chain.certificates().getLast());
        }
        number = 1;
        for (Certificate authority : roots) {
            list("pki/root-r" + number++ + ".crl", authority, ask).ifPresent(lists::add);
        }
        return lists;
    }

    private Optional<RevocationList> list(String name, Certificate authority, boolean ask)
            throws IOException {
        Optional<RevocationList> newest = folder.read(name).flatMap(der -> parse(der, authority));
        if (ask) {
            Optional<byte[]> fetched = fetch(name);
            Optional<RevocationList> next = fetched.flatMap(der -> parse(der, authority));
            if (next.isPresent() && isNewer(next.get(), newest)) {
                folder.write(name, fetched.get());
                newest = next;
            }
        }
        return newest;
    }

    private Optional<byte[]> fetch(String name) {
        try {
            return files.fetch("/" + name, MAX_BYTES);
        } catch (IOException away) {
            return Optional.empty(); // what is kept does as long as it is current
        }
    }

    private static Optional<RevocationList> parse(byte[] der, Certificate authority) {
        try {
            return Optional.of(RevocationList.parse(der))
                    .filter(list -> list.faultBy(authority).isEmpty());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isNewer(RevocationList list, Optional<RevocationList> than) {
        return than.isEmpty() || list.number().compareTo(than.get().number()) > 0;
    }
}
