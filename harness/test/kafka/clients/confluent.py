"""What a program does with confluent-kafka (librdkafka), as JSON on standard output: confluent.py BOOTSTRAP NAME"""

import json
import sys
import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic, OffsetSpec

bootstrap, name = sys.argv[1:3]
topic, group = f"{name}-orders", f"{name}-group"
client = {"bootstrap.servers": bootstrap}
seen = {}


def until(what, holds):
    deadline = time.monotonic() + 20
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)


def done(futures):
    """The results of an admin call, by what was asked for."""
    return {key: future.result(20) for key, future in futures.items()}


def error_of(call):
    try:
        call()
    except KafkaException as error:
        return error.args[0].name()


admin = AdminClient(client)
done(admin.create_topics([NewTopic(topic, 2, 1, config={"retention.ms": "60000"})]))
seen["again"] = error_of(lambda: done(admin.create_topics([NewTopic(topic, 2, 1)])))
until("the topic is there", lambda: topic in admin.list_topics(timeout=10).topics)
described = done(admin.describe_configs([ConfigResource("TOPIC", topic)]))
seen["retention"] = next(iter(described.values()))["retention.ms"].value

# One batch with each codec, idempotent, so acks=all.
delivered = []
for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
    producer = Producer({**client, "enable.idempotence": True, "compression.type": codec, "linger.ms": 50})
    for number in range(20):
        producer.produce(
            topic,
            key="ORD-1",
            value=f"{codec} {number}",
            partition=0,
            headers={"trace": "7"},
            on_delivery=lambda error, message: delivered.append(error or message.offset()),
        )
    producer.flush(20)
seen["delivered"] = delivered == list(range(100))

transactional = Producer({**client, "transactional.id": name, "transaction.timeout.ms": 10000})
transactional.init_transactions(20)
transactional.begin_transaction()
transactional.produce(topic, "committed", partition=1)
transactional.commit_transaction(20)
transactional.begin_transaction()
transactional.produce(topic, "aborted", partition=1)
transactional.flush(20)
transactional.abort_transaction(20)


class Member:
    """A member of the group; it reads committed records from the start and commits only when it is told to."""

    def __init__(self):
        self.values = []
        self.next = {}
        self.partitions = []
        settings = {
            "group.id": group,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "session.timeout.ms": 10000,
            "heartbeat.interval.ms": 200,
        }
        self.consumer = Consumer({**client, **settings})
        self.consumer.subscribe([topic], on_assign=self.assigned, on_revoke=lambda *_: self.partitions.clear())

    def assigned(self, _, partitions):
        self.partitions = [one.partition for one in partitions]

    def poll(self):
        message = self.consumer.poll(0.05)
        if message is not None and message.error() is None:
            self.values.append(message.value().decode())
            self.next[message.partition()] = message.offset() + 1


def poll(members):
    for one in members:
        one.poll()
    return members


first = Member()
until("the first member reads all", lambda: len(poll([first])[0].values) == 101)
seen["read"] = [sum(value.startswith(codec) for value in first.values) for codec in ["none", "gzip", "snappy", "lz4", "zstd"]]
seen["transaction"] = [value for value in first.values if "ed" in value]

# The offsets of the group with a transaction, and so in the name of this member (KIP-447).
transactional.begin_transaction()
offsets = [TopicPartition(topic, partition, offset) for partition, offset in first.next.items()]
transactional.send_offsets_to_transaction(offsets, first.consumer.consumer_group_metadata(), 20)
seen["pending"] = [one.offset for one in done(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]))[group].topic_partitions]
transactional.commit_transaction(20)
seen["committed"] = sorted((one.partition, one.offset) for one in first.consumer.committed(offsets, 20))

second = Member()
until("both have one partition", lambda: all(len(one.partitions) == 1 for one in poll([first, second])))
seen["shared"] = sorted(first.partitions + second.partitions)
second.consumer.close()
until("the first has both again", lambda: len(poll([first])[0].partitions) == 2)
seen["state"] = done(admin.describe_consumer_groups([group]))[group].state.name
first.consumer.close()

[listed] = done(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.latest()})).values()
seen["latest"] = listed.offset
seen["groups"] = [one.group_id for one in admin.list_consumer_groups().result(20).valid if one.group_id == group]
moved = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, 7)])
done(admin.alter_consumer_group_offsets([moved]))
seen["moved"] = next(
    one.offset
    for one in done(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]))[group].topic_partitions
    if one.partition == 0
)
done(admin.delete_consumer_groups([group]))
done(admin.delete_records([TopicPartition(topic, 0, 50)]))
done(admin.create_partitions([NewPartitions(topic, 3)]))
until("the third partition is there", lambda: len(admin.list_topics(topic, 10).topics[topic].partitions) == 3)
consumer = Consumer({**client, "group.id": f"{name}-watermarks"})
seen["watermarks"] = consumer.get_watermark_offsets(TopicPartition(topic, 0), 10)
consumer.close()
done(admin.delete_topics([topic]))
until("the topic is gone", lambda: topic not in admin.list_topics(timeout=10).topics)
print(json.dumps(seen))
