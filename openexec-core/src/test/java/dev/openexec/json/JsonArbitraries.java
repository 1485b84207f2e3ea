package dev.openexec.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * Generated Java values that {@link Json#of} takes. Objects are made from plain random numbers: jqwik's recursive
 * arbitraries are far slower, and shrinking them did not end.
 */
final class JsonArbitraries {

    private static final int MAX_LEVEL = 4;
    private static final int[] TELLING_CODE_POINTS = {'"', '\\', '/', 0x7F, 0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFF};

    private JsonArbitraries() {}

    /** Short names from few code points, so that two of them share a prefix or are equal. */
    static Arbitrary<String> closeNames() {
        return Arbitraries.of(0x61, 0x7F, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x103FF, 0x10400, 0x10FFFF)
                .list()
                .ofMaxSize(4)
                .map(codePoints -> {
                    StringBuilder name = new StringBuilder();
                    codePoints.forEach(name::appendCodePoint);
                    return name.toString();
                });
    }

    /** Every finite bit pattern. */
    static Arbitrary<Double> doubles() {
        return Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
    }

    /** Members of every kind and to some depth, in no order. */
    static Arbitrary<Map<String, Object>> objects() {
        return Arbitraries.randomValue(random -> object(random, 1));
    }

    private static Map<String, Object> object(Random random, int level) {
        Map<String, Object> members = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            members.put(text(random), value(random, level + 1));
        }
        return members;
    }

    private static List<Object> array(Random random, int level) {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(value(random, level + 1));
        }
        return items;
    }

    private static @Nullable Object value(Random random, int level) {
        return switch (random.nextInt(level < MAX_LEVEL ? 10 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> new BigInteger(random.nextInt(420), random).negate();
            case 5 -> decimal(random);
            case 6 -> normalDouble(random);
            case 7 -> text(random);
            case 8 -> array(random, level);
            default -> object(random, level);
        };
    }

    /** At most 15 digits and six of them a fraction: the closest double has the same text. */
    private static BigDecimal decimal(Random random) {
        return BigDecimal.valueOf(random.nextLong() % 1_000_000_000_000_000L, 6);
    }

    /** Not subnormal: other writers put some of those in two digits where Python takes one. */
    private static double normalDouble(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) && Math.abs(value) >= Double.MIN_NORMAL ? value : -0.0;
    }

    /** Well-formed text with many characters that are escaped or that decide the order. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(10); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.appendCodePoint(random.nextInt(0x20));
                case 1 -> text.appendCodePoint(TELLING_CODE_POINTS[random.nextInt(TELLING_CODE_POINTS.length)]);
                case 2 -> text.appendCodePoint(0x80 + random.nextInt(0xD800 - 0x80));
                case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> text.appendCodePoint(0x20 + random.nextInt(0x5F));
            }
        }
        return text.toString();
    }
}
