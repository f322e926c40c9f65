package io.larder.store.model;

import io.larder.store.model.Step.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Looks for schedules that break a promise: at random, exhaustively, or by replaying one. */
public final class Search {

  /** What was found: the schedule, and what it broke; or neither. */
  public record Found(List<Step> schedule, String violation) {}

  /** How much an exhaustive search did. */
  public record Explored(long states, Found found) {}

  private static final Op[] OPS = Op.values();

  private Search() {}

  /** Takes a schedule's steps, as far as possible; answers what broke, or null. */
  public static String replay(Rules rules, List<Step> schedule) {
    World world = new World(rules, 2);
    for (Step step : schedule) {
      world.take(step);
      if (world.violation() != null) {
        return world.violation();
      }
    }
    return null;
  }

  /** One random run from a seed, which decides how likely each kind of step is, too. */
  public static Found run(Rules rules, long seed, int steps) {
    return run(new World(rules, 2), seed, steps);
  }

  /** One random run in a world. */
  public static Found run(World world, long seed, int steps) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    int[] weights = weights(random);
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    boolean synced = random.nextBoolean();
    List<Step> schedule = new ArrayList<>();
    if (synced) {
      start().forEach(step -> add(world, step, schedule));
    }
    for (int i = 0; i < steps * 4 && schedule.size() < steps; i++) {
      add(world, pick(random, weights, total), schedule);
      if (world.violation() != null) {
        return new Found(schedule, world.violation());
      }
    }
    return new Found(schedule, null);
  }

  /** Both processes have subscribed and compared, and one has put a value. */
  public static List<Step> start() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(Op.UP, 0, 0));
    steps.add(new Step(Op.UP, 1, 0));
    steps.add(new Step(Op.PUT, 0, 0));
    for (int process = 0; process < 2; process++) {
      steps.add(new Step(Op.DELIVER, process, 0));
      steps.add(new Step(Op.FINISH, process, 0));
      steps.add(new Step(Op.SEND, process, 0));
      steps.add(new Step(Op.COMPARE, process, 0));
      steps.add(new Step(Op.ANSWER, process, 0));
    }
    steps.add(new Step(Op.REPLY, 0, 0));
    return steps;
  }

  private static void add(World world, Step step, List<Step> schedule) {
    if (world.take(step)) {
      schedule.add(step);
    }
  }

  private static Step pick(Random random, int[] weights, int total) {
    int left = random.nextInt(total);
    int op = 0;
    while (left >= weights[op]) {
      left -= weights[op++];
    }
    int which = random.nextInt(4) == 0 ? 1 : 0;
    return new Step(OPS[op], random.nextInt(2), which);
  }

  private static int[] weights(Random random) {
    int[] weights = new int[OPS.length];
    for (Op op : OPS) {
      boolean usual = switch (op) {
        case READ, REPLY, DELIVER, FINISH, SEND, COMPARE, ANSWER, TICK -> true;
        case PUT, REMOVE -> random.nextInt(4) != 0;
        case UP, RECONNECT -> random.nextInt(4) != 0;
        default -> random.nextInt(3) == 0;
      };
      weights[op.ordinal()] = usual ? 1 + random.nextInt(op == Op.FINISH ? 40 : 10) : 0;
    }
    return weights;
  }

  /** The shortest part of a violating schedule, found by leaving out steps, that violates too. */
  public static List<Step> shorten(Rules rules, List<Step> schedule) {
    List<Step> shortest = new ArrayList<>(schedule);
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (int length = Math.min(4, shortest.size()); length > 0; length--) {
        for (int at = 0; at + length <= shortest.size(); at++) {
          List<Step> candidate = new ArrayList<>(shortest);
          candidate.subList(at, at + length).clear();
          if (replay(rules, candidate) != null) {
            shortest = candidate;
            shorter = true;
            at--;
          }
        }
      }
    }
    return shortest;
  }

  /**
   * All orders in which a program's steps can happen after a beginning.
   *
   * @param program how often each step may happen; a reply, a message and an answer can be taken in
   *     any order, and FINISH as often as needed
   */
  public static Explored exhaust(
      Supplier<World> world, List<Step> beginning, Map<Step, Integer> program) {
    World first = world.get();
    beginning.forEach(first::take);
    List<Step> kinds = new ArrayList<>(program.keySet());
    Set<Long> visited = new HashSet<>();
    Deque<Node> left = new ArrayDeque<>();
    left.push(new Node(first, kinds.stream().mapToInt(program::get).toArray(), null, null));
    while (!left.isEmpty()) {
      Node node = left.pop();
      for (int i = 0; i < kinds.size(); i++) {
        if (node.budget[i] == 0) {
          continue;
        }
        World next = new World(node.world);
        if (!next.take(kinds.get(i))) {
          continue;
        }
        int[] budget = node.budget.clone();
        budget[i]--;
        Node reached = new Node(next, budget, node, kinds.get(i));
        if (next.violation() != null) {
          return new Explored(visited.size(), reached.found());
        }
        if (visited.add(fingerprint(budget, next))) {
          left.push(reached);
        }
      }
    }
    return new Explored(visited.size(), new Found(List.of(), null));
  }

  /**
   * 64 bits stand for a state: in one of 10^7 searches of a million states, two are taken for one.
   */
  private static long fingerprint(int[] budget, World world) {
    StringBuilder text = world.encode();
    for (int left : budget) {
      text.append(' ').append(left);
    }
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  private record Node(World world, int[] budget, Node before, Step step) {
    Found found() {
      List<Step> schedule = new ArrayList<>();
      for (Node node = this; node.step != null; node = node.before) {
        schedule.add(0, node.step);
      }
      return new Found(schedule, world.violation());
    }
  }

  /** Prints a short violating schedule for each rule, to be kept in the test. */
  public static void main(String[] args) {
    int runs = Integer.parseInt(args[0]);
    Map<Rule, String> missing = new EnumMap<>(Rule.class);
    long begun = System.currentTimeMillis();
    long steps = 0;
    for (int seed = 0; seed < runs; seed++) {
      Found found = run(Rules.all(), seed, 60);
      steps += found.schedule.size();
      if (found.violation != null) {
        System.out.println("ALL RULES, seed " + seed + ": " + found.violation);
        System.out.println(shorten(Rules.all(), found.schedule));
        return;
      }
    }
    System.out.println(
        runs + " runs, " + steps + " steps, " + (System.currentTimeMillis() - begun) + " ms");
    for (Rule rule : Rule.values()) {
      List<Step> best = null;
      int hits = 0;
      for (int seed = 0; seed < runs && hits < 40; seed++) {
        Found found = run(Rules.without(rule), seed, 60);
        if (found.violation != null) {
          hits++;
          List<Step> shortest = shorten(Rules.without(rule), found.schedule);
          if (best == null || shortest.size() < best.size()) {
            best = shortest;
          }
        }
      }
      if (best == null) {
        missing.put(rule, "");
      } else {
        System.out.println(
            rule + " = " + String.join(", ", best.stream().map(Step::toString).toList()));
        System.out.println("#   " + replay(Rules.without(rule), best));
      }
    }
    System.out.println("without violation: " + missing.keySet());
  }
}
