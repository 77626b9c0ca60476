package dev.modunest.format.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

class MerkleTreeTest {

    private static final List<String> LEAVES =
            List.of(
                    "",
                    "00",
                    "10",
                    "2021",
                    "3031",
                    "40414243",
                    "5051525354555657",
                    "606162636465666768696a6b6c6d6e6f");

    /** Those that implementations of Certificate Transparency test against. */
    private static final List<String> ROOTS =
            List.of(
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void rootsAreThoseOfOtherImplementations() {
        TestTree tree = new TestTree();
        for (int i = 0; i < LEAVES.size(); i++) {
            tree.append(HexFormat.of().parseHex(LEAVES.get(i)));
            assertThat(HexFormat.of().formatHex(tree.root().bytes())).isEqualTo(ROOTS.get(i));
        }
        assertThat(HexFormat.of().formatHex(Hash.empty().bytes())).startsWith("e3b0c44298fc1c14");
    }

    @Test
    void everyLeafOfEveryTreeIsProvedAndNoOther() {
        TestTree tree = TestTree.ofSize(70);
        for (int size = 1; size <= 70; size++) {
            Hash root = tree.rootByDefinition(0, size);
            for (int index = 0; index < size; index++) {
                InclusionProof proof = InclusionProof.of(index, size, tree::node);
                assertThat(proof.root(Hash.leaf(tree.entry(index)))).contains(root);
                assertThat(proof.root(Hash.leaf(tree.entry((index + 1) % 70))))
                        .isNotEqualTo(Optional.of(root));
            }
        }
    }

    @Test
    void aPathOfAnotherLengthProvesNothing() {
        TestTree tree = TestTree.ofSize(13);
        InclusionProof proof = InclusionProof.of(5, 13, tree::node);
        List<Hash> longer = new ArrayList<>(proof.path());
        longer.add(Hash.empty());
        Hash leaf = Hash.leaf(tree.entry(5));
        assertThat(new InclusionProof(5, 13, longer).root(leaf)).isEmpty();
        assertThat(
                        new InclusionProof(5, 13, proof.path().subList(1, proof.path().size()))
                                .root(leaf))
                .isEmpty();
    }

    @Test
    void everyTreeIsProvedToContinueTheOnesBefore() {
        TestTree tree = TestTree.ofSize(70);
        for (int size = 0; size <= 70; size++) {
            Hash root = tree.rootByDefinition(0, size);
            for (int old = 0; old <= size; old++) {
                Hash oldRoot = tree.rootByDefinition(0, old);
                ConsistencyProof proof = ConsistencyProof.of(old, size, tree::node);
                assertThat(proof.proves(oldRoot, root)).as(old + " in " + size).isTrue();
                assertThat(proof.proves(Hash.leaf(new byte[1]), root)).isFalse();
                if (old > 0) {
                    assertThat(proof.proves(oldRoot, Hash.leaf(new byte[1]))).isFalse();
                }
            }
        }
    }

    @Test
    void noChangedConsistencyProofProves() {
        TestTree tree = TestTree.ofSize(45);
        for (int old = 1; old < 45; old++) {
            ConsistencyProof proof = ConsistencyProof.of(old, 45, tree::node);
            Hash oldRoot = tree.rootByDefinition(0, old);
            for (int i = 0; i < proof.path().size(); i++) {
                List<Hash> changed = new ArrayList<>(proof.path());
                changed.set(i, Hash.leaf(new byte[] {7}));
                assertThat(new ConsistencyProof(old, 45, changed).proves(oldRoot, tree.root()))
                        .isFalse();
                List<Hash> shorter = new ArrayList<>(proof.path());
                shorter.remove(i);
                assertThat(new ConsistencyProof(old, 45, shorter).proves(oldRoot, tree.root()))
                        .isFalse();
            }
            List<Hash> longer = new ArrayList<>(proof.path());
            longer.add(Hash.empty());
            assertThat(new ConsistencyProof(old, 45, longer).proves(oldRoot, tree.root()))
                    .isFalse();
        }
    }

    @Test
    void proofsOutOfRangeCannotExist() {
        assertThatThrownBy(() -> new InclusionProof(3, 3, List.of()))
                .hasMessageContaining("has no leaf 3");
        assertThatThrownBy(() -> new ConsistencyProof(4, 3, List.of()))
                .hasMessageContaining("does not grow");
        List<Hash> endless = java.util.Collections.nCopies(64, Hash.empty());
        assertThatThrownBy(() -> new InclusionProof(0, 3, endless)).hasMessageContaining("64");
        assertThatThrownBy(() -> new ConsistencyProof(1, 3, endless)).hasMessageContaining("64");
        assertThatThrownBy(() -> Hash.of(new byte[31])).hasMessageContaining("31");
    }

    @Test
    void aFrontierIsReadBackFromTheNodes() {
        TestTree tree = TestTree.ofSize(300);
        Frontier read = Frontier.read(299, tree::node);
        assertThat(read.size()).isEqualTo(299);
        assertThat(read.root()).isEqualTo(tree.rootByDefinition(0, 299));
        read.append(Hash.leaf(tree.entry(299)), (_, _, _) -> {});
        assertThat(read.root()).isEqualTo(tree.root());
    }
}
