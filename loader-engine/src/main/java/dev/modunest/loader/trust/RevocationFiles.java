package dev.modunest.loader.trust;

import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.RevocationList;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        for (AuthorityChain chain : root.authorities()) {
            String name = "pki/i" + number++ + ".crl";
            Optional<byte[]> kept = folder.read(name);
            Optional<RevocationList> newest = kept.flatMap(der -> parse(der, chain));
            if (ask) {
                Optional<byte[]> fetched = fetch(name);
                Optional<RevocationList> next = fetched.flatMap(der -> parse(der, chain));
                if (next.isPresent() && isNewer(next.get(), newest)) {
                    folder.write(name, fetched.get());
                    newest = next;
                }
            }
            newest.ifPresent(lists::add);
        }
        return lists;
    }

    private Optional<byte[]> fetch(String name) {
        try {
            return files.fetch("/" + name, MAX_BYTES);
        } catch (IOException away) {
            return Optional.empty(); // what is kept does as long as it is current
        }
    }

    private static Optional<RevocationList> parse(byte[] der, AuthorityChain chain) {
        try {
            return Optional.of(RevocationList.parse(der))
                    .filter(list -> list.faultBy(chain.issuing()).isEmpty());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isNewer(RevocationList list, Optional<RevocationList> than) {
        return than.isEmpty() || list.number().compareTo(than.get().number()) > 0;
    }
}
