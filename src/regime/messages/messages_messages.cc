#include "regime/messages/messages.h"

namespace qy::messages {

std::span<const Sentence> messages_messages() {
  static constexpr Sentence sentences[] = {
      {"message.not_found", "没有找到这条消息。", "There is no such message."},
      {"message.channel_gone", "原定的发送渠道已停用，消息未能发出。",
       "The channel it was meant for is no longer in use; the message was not sent."},
  };
  return sentences;
}

}  // namespace qy::messages
