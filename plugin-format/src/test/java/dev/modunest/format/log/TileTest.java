package dev.modunest.format.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class TileTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1234067, 256, tile/0/x001/x234/067",
        "0, 273, 112, tile/0/273.p/112",
        "2, 0, 1, tile/2/000.p/1",
        "63, 999, 255, tile/63/999.p/255",
        "-1, 1000, 256, tile/entries/x001/000",
        "-1, 0, 7, tile/entries/000.p/7"
    })
    void aTileHasOnePath(int level, long index, int width, String path) {
        TilePath tile = new TilePath(level, index, width);
        assertThat(tile).hasToString(path);
        assertThat(TilePath.parse(path)).contains(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/00/000",
                "tile/64/000",
                "tile/0/0",
                "tile/0/0000",
                "tile/0/001/000",
                "tile/0/x000/001",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000/",
                "tile/-1/000",
                "tile/data/000",
                "tile/0/../000",
                "tile/1/x615/x615/x001/x001/x234/x234/067",
                "checkpoint",
                ""
            })
    void otherPathsAreNone(String path) {
        assertThat(TilePath.parse(path)).isEmpty();
    }

    @Test
    void tilesThatCannotBeDoNotExist() {
        assertThatThrownBy(() -> new TilePath(64, 0, 1)).hasMessageContaining("level 64");
        assertThatThrownBy(() -> new TilePath(0, 0, 257)).hasMessageContaining("width 257");
        TilePath path = new TilePath(0, 0, 2);
        assertThatThrownBy(() -> HashTile.parse(path, new byte[63]))
                .hasMessageContaining("63 bytes and must have 64");
        assertThatThrownBy(() -> new HashTile(path, List.of(Hash.empty())))
                .hasMessageContaining("has not 1 hashes");
    }

    @Test
    void proofsOfALargeTreeComeFromFewTiles() {
        int size = 70_000;
        TestTree tree = TestTree.ofSize(size);
        Set<String> asked = new HashSet<>();
        TiledNodes nodes =
                new TiledNodes(
                        size,
                        path -> {
                            assertThat(asked.add(path.toString())).as("read once").isTrue();
                            return tree.tile(path);
                        });
        for (int index : new int[] {0, 255, 256, 65_535, 65_536, 69_999}) {
            assertThat(InclusionProof.of(index, size, nodes).root(Hash.leaf(tree.entry(index))))
                    .contains(tree.root());
        }
        assertThat(
                        ConsistencyProof.of(65_537, size, nodes)
                                .proves(tree.rootByDefinition(0, 65_537), tree.root()))
                .isTrue();
        assertThat(asked)
                .contains("tile/0/000", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17")
                .contains("tile/2/000.p/1")
                .hasSizeLessThan(12);
    }

    @Test
    void entriesComeBackFromTheirBundle() {
        List<byte[]> entries = List.of(new byte[] {1, 2, 3}, new byte[0], new byte[65_535]);
        byte[] bundle = EntryBundle.write(entries);
        assertThat(EntryBundle.read(bundle, 3)).containsExactlyElementsOf(entries);
        assertThatThrownBy(() -> EntryBundle.read(bundle, 4)).hasMessageContaining("entry 3");
        assertThatThrownBy(() -> EntryBundle.read(bundle, 2))
                .hasMessageContaining("65537 bytes after its last");
        assertThatThrownBy(() -> EntryBundle.write(List.of(new byte[65_536])))
                .hasMessageContaining("65536");
    }
}
