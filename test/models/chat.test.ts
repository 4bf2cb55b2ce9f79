import { chatModel } from '../../src/services/chatModel.ts';
import { scriptedChat } from '../support/models/scriptedChat.ts';
import { modelContract } from './contract.ts';

modelContract({
  name: "the editor's own models",
  start() {
    const chat = scriptedChat();
    return Promise.resolve({
      model: ({ idleMs } = {}) => Promise.resolve(chatModel(chat, idleMs)),
      script: (...turns) => {
        chat.script.add(...turns);
      },
      requests: chat.script.requests,
      unplayed: chat.script.unplayed,
      stop: () => Promise.resolve(),
    });
  },
  // The editor says neither why a model stopped nor what it took, and hands over objects.
  wire: { ends: false, rawJson: false, retryAfter: false, network: false, cacheWrites: false },
});
