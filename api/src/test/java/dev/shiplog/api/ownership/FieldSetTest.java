package dev.shiplog.api.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldSetTest {

  private static FieldSet set(String fieldsV1) {
    return FieldSet.of(
        Json.read(fieldsV1.replace('\'', '"').getBytes(StandardCharsets.UTF_8), ObjectNode.class));
  }

  @Test
  void aPathAndOneBelowItAreDifferentMembers() {
    FieldSet outer = set("{'f:a':{}}");
    FieldSet inner = set("{'f:a':{'f:b':{}}}");

    assertThat(outer.union(inner)).isEqualTo(set("{'f:a':{'.':{},'f:b':{}}}"));
    assertThat(outer.intersection(inner).isEmpty()).isTrue();
    assertThat(outer.union(inner).minus(outer)).isEqualTo(inner);
    assertThat(outer.union(inner).minus(inner)).isEqualTo(outer);
  }

  @Test
  void whatIsLeftOfNothingIsNothing() {
    FieldSet some =
        set("{'f:a':{'.':{},'k:{\\'n\\':1}':{'.':{},'f:b':{}}}}".replace("\\'", "\\\""));

    assertThat(some.minus(some).isEmpty()).isTrue();
    assertThat(FieldSet.EMPTY.union(some)).isEqualTo(some);
    assertThat(some.minus(FieldSet.EMPTY)).isEqualTo(some);
  }

  @Test
  void operationsObeyTheLawsOfSets() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      FieldSet a = random(random);
      FieldSet b = random(random);
      assertThat(a.minus(b).union(a.intersection(b))).as("%s and %s", a, b).isEqualTo(a);
      assertThat(a.union(b)).isEqualTo(b.union(a));
      assertThat(a.union(b).minus(b)).isEqualTo(a.minus(b));
      assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
    }
  }

  private static FieldSet random(Random random) {
    ObjectNode tree = FieldSet.node();
    fill(tree, random, 3);
    return FieldSet.of(tree);
  }

  private static void fill(ObjectNode node, Random random, int depth) {
    for (int i = 0; i < 3; i++) {
      if (random.nextBoolean()) {
        ObjectNode child = node.putObject("f:" + i);
        if (depth > 0 && random.nextBoolean()) {
          fill(child, random, depth - 1);
          if (!child.isEmpty() && random.nextBoolean()) {
            child.putObject(".");
          }
        }
      }
    }
  }
}
