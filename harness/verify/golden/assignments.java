import java.util.*;
import java.util.stream.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.*;
import org.apache.kafka.common.*;

/**
 * Prints the golden tables of exercise 10, computed by the assignors in Kafka's own Java client:
 *
 *   java -cp "KAFKA/libs/*" harness/verify/golden/assignments.java
 *
 * where KAFKA is an unpacked distribution. The tables in the check file are from Kafka 4.3.1. Notation: member:its,topics,
 * topic:partitions, then each member with what it gets, topic-partition.
 */
class Assignments {
  static final Random RANDOM = new Random(10);

  public static void main(String[] args) {
    System.out.println("members | topics | range | roundrobin");
    for (int row = 0; row < 14; row++) System.out.println(dealt(randomGroup()));
    System.out.println("\nteaching cases");
    Stream.of(
        "A:o B:o | o:3", "A:o B:o | o:4", "A:o B:o C:o | o:4", "A:o C:o | o:4", "A:o B:o C:o | o:7", "A:o B:o C:o D:o E:o | o:4",
        "c-2:o c-10:o c-1:o | o:4", "a:o B:o _:o | o:4", "A:e,o B:e,o | e:3 o:3", "A:e,o B:e,o C:e,o | e:2 o:2",
        "A:x B:x,y C:x,y,z | x:1 y:2 z:3", "A:o B:o C:o | o:12", "A:o B:o C:o D:o | o:12")
        .forEach(given -> System.out.println(dealt(given)));
    System.out.println("\nbefore -> members afterwards | topics | what is owned after each cooperative round");
    Stream.of("A B -> A B C | o:6", "A B C -> A B C D | o:12", "A -> A B | o:4", "A -> A B C | o:3", "A B C -> A B | o:6",
        "A B -> B C | o:4", "A B -> A C D | o:6", "A B C D -> B C E | x:5 y:4", "A B -> A B | x:2 y:2", " -> A B | o:3")
        .forEach(given -> System.out.println(cooperativeRounds(given)));
    System.out.println("\nmembers afterwards | topics | before | how many partitions the sticky assignor moves");
    Stream.of("A B C D | o:12 | A o-0 o-1 o-2 o-3; B o-4 o-5 o-6 o-7; C o-8 o-9 o-10 o-11",
        "A B C | o:12 | A o-0 o-1 o-2; B o-3 o-4 o-5; C o-6 o-7 o-8; D o-9 o-10 o-11",
        "A B C | x:4 y:3 | A x-0 x-2 y-0 y-2; B x-1 x-3 y-1",
        "B D | x:3 y:5 | A x-0 y-0 y-3; B x-1 y-1 y-4; C x-2 y-2",
        "A B C | o:12 | A o-0 o-1 o-2 o-3 o-4 o-5 o-6 o-7; B o-8; C o-9 o-10 o-11",
        "A B C D | o:6 | A o-0 o-1 o-2 o-3 o-4; B o-5",
        "A B | o:8 | A o-0 o-1 o-2; B o-3; C o-4 o-5",
        "A B C | o:10 | A o-0 o-1 o-2 o-3; B o-4 o-5 o-6 o-7; C o-8 o-9",
        "A B C D | o:3 | A o-0; B o-1; C o-2")
        .forEach(given -> System.out.println(given + " | " + stickyMoves(given)));
  }

  static String randomGroup() {
    List<String> topics = List.of("x", "y", "z").subList(0, 1 + RANDOM.nextInt(3));
    List<String> ids = new ArrayList<>(List.of("A", "B", "a", "b", "10", "9", "_"));
    Collections.shuffle(ids, RANDOM);
    String members = ids.subList(0, 2 + RANDOM.nextInt(3)).stream()
        .map(id -> id + ":" + topics.stream().filter(topic -> RANDOM.nextInt(4) > 0).collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
    return members + " | " + topics.stream().map(topic -> topic + ":" + (1 + RANDOM.nextInt(5))).collect(Collectors.joining(" "));
  }

  static String dealt(String given) {
    String[] parts = given.split(" \\| ");
    Map<String, Subscription> members = new TreeMap<>();
    for (String member : parts[0].split(" ")) {
      String[] words = member.split(":", -1);
      members.put(words[0], new Subscription(words[1].isEmpty() ? List.of() : List.of(words[1].split(","))));
    }
    Map<String, Integer> topics = topics(parts[1]);
    return given + " | " + shown(assign(new RangeAssignor(), topics, members))
        + " | " + shown(assign(new RoundRobinAssignor(), topics, members));
  }

  static String cooperativeRounds(String given) {
    String[] parts = given.split(" \\| ");
    String[] members = parts[0].split("->");
    Map<String, Integer> topics = topics(parts[1]);
    Map<String, List<TopicPartition>> before = members[0].isBlank() ? Map.of() : rounds(ids(members[0]), topics, Map.of()).getLast();
    return given + " | " + shown(before) + " | "
        + rounds(ids(members[1]), topics, before).stream().map(Assignments::shown).collect(Collectors.joining(" | "));
  }

  /** The cooperative assignor ends at the assignment of the sticky one; only the way there differs. */
  static long stickyMoves(String given) {
    String[] parts = given.split(" \\| ");
    Map<String, List<TopicPartition>> before = new TreeMap<>();
    for (String row : parts[2].split("; ")) {
      String[] words = row.split(" ");
      before.put(words[0], Stream.of(words).skip(1).map(Assignments::partition).toList());
    }
    Map<String, List<TopicPartition>> after = rounds(ids(parts[0]), topics(parts[1]), before).getLast();
    return after.entrySet().stream().flatMap(row -> row.getValue().stream()
        .filter(one -> !before.getOrDefault(row.getKey(), List.of()).contains(one))).count();
  }

  /** What is owned after each round. Nobody gives anything up in the last: a cooperative member then stays as it is. */
  static LinkedList<Map<String, List<TopicPartition>>> rounds(List<String> ids, Map<String, Integer> topics,
      Map<String, List<TopicPartition>> before) {
    LinkedList<Map<String, List<TopicPartition>>> rounds = new LinkedList<>();
    Map<String, List<TopicPartition>> owned = before;
    for (boolean givenUp = true; givenUp; ) {
      Map<String, List<TopicPartition>> start = owned;
      Map<String, List<TopicPartition>> end = cooperativeRound(ids, topics, start);
      givenUp = ids.stream().anyMatch(id -> !end.get(id).containsAll(start.getOrDefault(id, List.of())));
      rounds.add(end);
      owned = end;
    }
    return rounds;
  }

  /** One rebalance of members that all read all topics and tell the assignor what they own. */
  static Map<String, List<TopicPartition>> cooperativeRound(List<String> ids, Map<String, Integer> topics,
      Map<String, List<TopicPartition>> before) {
    Map<String, Subscription> members = new TreeMap<>();
    for (String id : ids) {
      List<TopicPartition> owned = before.getOrDefault(id, List.of());
      int generation = before.containsKey(id) ? 1 : -1;
      members.put(id, new Subscription(List.copyOf(topics.keySet()), null, owned, generation, Optional.empty()));
    }
    return assign(new CooperativeStickyAssignor(), topics, members);
  }

  static Map<String, List<TopicPartition>> assign(ConsumerPartitionAssignor assignor, Map<String, Integer> topics,
      Map<String, Subscription> members) {
    List<PartitionInfo> partitions = topics.entrySet().stream().flatMap(topic -> IntStream.range(0, topic.getValue())
        .mapToObj(number -> new PartitionInfo(topic.getKey(), number, Node.noNode(), new Node[0], new Node[0]))).toList();
    Cluster cluster = new Cluster("any", Set.of(), partitions, Set.of(), Set.of());
    Map<String, List<TopicPartition>> assigned = new TreeMap<>();
    assignor.assign(cluster, new GroupSubscription(members)).groupAssignment()
        .forEach((id, assignment) -> assigned.put(id, assignment.partitions()));
    return assigned;
  }

  static String shown(Map<String, List<TopicPartition>> assigned) {
    return assigned.entrySet().stream().map(row -> row.getKey() + row.getValue().stream()
        .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
        .map(one -> " " + one).collect(Collectors.joining())).collect(Collectors.joining("; "));
  }

  static Map<String, Integer> topics(String text) {
    Map<String, Integer> topics = new TreeMap<>();
    for (String topic : text.trim().split(" ")) topics.put(topic.split(":")[0], Integer.parseInt(topic.split(":")[1]));
    return topics;
  }

  static TopicPartition partition(String text) {
    return new TopicPartition(text.split("-")[0], Integer.parseInt(text.split("-")[1]));
  }

  static List<String> ids(String text) {
    return List.of(text.trim().split(" "));
  }
}
