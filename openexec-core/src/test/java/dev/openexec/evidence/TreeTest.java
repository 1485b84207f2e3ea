package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {

    private final List<Digest> leaves = new ArrayList<>();
    private final Map<Integer, List<Digest>> subtrees = new TreeMap<>();
    private TreeEdge edge = TreeEdge.empty();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 1000, 65_536, 65_537, 66_000})
    void edge_and_tiles_have_the_root_of_the_definition(int size) {
        grow(size);

        Digest expected = mth(leaves);
        assertThat(edge.root()).isEqualTo(expected);
        assertThat(reader(size).root()).isEqualTo(expected);
    }

    @Property(tries = 200)
    void an_edge_that_is_kept_goes_on_as_it_would_have(
            @ForAll @IntRange(max = 600) int before, @ForAll @IntRange(max = 600) int after) {
        TreeTest kept = grown(before);
        kept.edge = TreeEdge.of(before, kept.edge.bytes());
        kept.grow(after);
        TreeTest whole = grown(before + after);

        assertThat(kept.edge.root()).isEqualTo(whole.edge.root());
        assertThat(kept.subtrees).isEqualTo(whole.subtrees);
    }

    @Property(tries = 300)
    void an_inclusion_path_is_the_one_of_the_definition(
            @ForAll @IntRange(min = 1, max = 1200) int size, @ForAll @IntRange(max = 1199) int any) {
        TreeTest tree = grown(size);
        int index = any % size;

        assertThat(tree.reader(size).inclusion(index)).isEqualTo(path(index, tree.leaves));
    }

    @Property(tries = 300)
    void a_consistency_path_is_the_one_of_the_definition(
            @ForAll @IntRange(min = 1, max = 1200) int size, @ForAll @IntRange(max = 1199) int any) {
        TreeTest tree = grown(size);
        int older = any % size;

        assertThat(tree.reader(size).consistency(older))
                .isEqualTo(older == 0 ? List.of() : subproof(older, tree.leaves, true));
        assertThat(tree.reader(size).consistency(size)).isEmpty();
    }

    private static TreeTest grown(int size) {
        TreeTest tree = new TreeTest();
        tree.grow(size);
        return tree;
    }

    @Test
    void what_the_tree_does_not_have_is_refused() {
        grow(3);

        assertThatThrownBy(() -> reader(3).inclusion(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reader(3).inclusion(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reader(3).consistency(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> TreeEdge.of(2, edge.bytes()));
        assertThatIllegalArgumentException().isThrownBy(() -> TreeEdge.of(-1, new byte[0]));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 256, 0/000",
        "0, 999, 1, 0/999.p/1",
        "1, 1234067, 256, 1/x001/x234/067",
        "5, 1000, 255, 5/x001/000.p/255",
    })
    void a_tile_has_one_path(int level, long index, int width, String path) {
        Tile tile = new Tile(level, index, width);

        assertThat(tile.path()).isEqualTo(path);
        assertThat(Tile.at(path)).contains(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0/0",
                "0/0000",
                "6/000",
                "0/x000/001",
                "0/001.p/0",
                "0/001.p/256",
                "0/001.p/257",
                "0/001.p/01",
                "0/001/",
                "/0/001",
                "0/001.p",
                "0/001/002",
                "-1/000",
                "0/x001/x002/x003/x004/x005/006",
                "entries/000"
            })
    void any_other_path_is_none(String path) {
        assertThat(Tile.at(path)).isEmpty();
    }

    @Test
    void a_tile_is_there_once_all_its_hashes_are() {
        assertThat(new Tile(0, 0, 256).isWithin(255)).isFalse();
        assertThat(new Tile(0, 0, 255).isWithin(255)).isTrue();
        assertThat(new Tile(1, 0, 1).isWithin(255)).isFalse();
        assertThat(new Tile(1, 0, 1).isWithin(256)).isTrue();
    }

    @Test
    void a_bundle_has_each_leaf_after_its_length_and_none_that_is_longer_than_that_can_say() {
        assertThat(Tile.ofEntries(List.of("a", "", "\u00e9"))).containsExactly(0, 1, 'a', 0, 0, 0, 2, 0xc3, 0xa9);
        assertThat(Tile.ofEntries(List.of("x".repeat(65_535))))
                .startsWith(0xff, 0xff)
                .hasSize(65_537);
        assertThatIllegalArgumentException().isThrownBy(() -> Tile.ofEntries(List.of("x".repeat(65_536))));
    }

    private void grow(int count) {
        for (int i = 0; i < count; i++) {
            String entry = "entry " + edge.size();
            leaves.add(MerkleTree.leaf(entry.getBytes(StandardCharsets.UTF_8)));
            edge.append(entry, (level, index, root) -> {
                List<Digest> ofLevel = subtrees.computeIfAbsent(level, any -> new ArrayList<>());
                assertThat((long) ofLevel.size()).isEqualTo(index);
                ofLevel.add(root);
            });
        }
    }

    private TreeReader reader(long size) {
        return new TreeReader(
                (level, first, count) -> (level == 0 ? leaves : subtrees.getOrDefault(level, List.of()))
                        .subList((int) first, (int) first + count),
                size);
    }

    /** RFC 9162 section 2.1.1, word for word. */
    private static Digest mth(List<Digest> d) {
        if (d.isEmpty()) {
            return Digest.of();
        }
        if (d.size() == 1) {
            return d.get(0);
        }
        int k = split(d.size());
        return MerkleTree.node(mth(d.subList(0, k)), mth(d.subList(k, d.size())));
    }

    /** RFC 9162 section 2.1.3.1. */
    private static List<Digest> path(int m, List<Digest> d) {
        if (d.size() == 1) {
            return List.of();
        }
        int k = split(d.size());
        List<Digest> path = new ArrayList<>(m < k ? path(m, d.subList(0, k)) : path(m - k, d.subList(k, d.size())));
        path.add(m < k ? mth(d.subList(k, d.size())) : mth(d.subList(0, k)));
        return path;
    }

    /** RFC 9162 section 2.1.4.1. */
    private static List<Digest> subproof(int m, List<Digest> d, boolean known) {
        if (m == d.size()) {
            return known ? List.of() : List.of(mth(d));
        }
        int k = split(d.size());
        List<Digest> proof = new ArrayList<>(
                m <= k ? subproof(m, d.subList(0, k), known) : subproof(m - k, d.subList(k, d.size()), false));
        proof.add(m <= k ? mth(d.subList(k, d.size())) : mth(d.subList(0, k)));
        return proof;
    }

    private static int split(int n) {
        return Integer.highestOneBit(n - 1);
    }
}
