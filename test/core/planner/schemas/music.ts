import { tables } from './table.ts';

export const music = tables({
  Artist: {
    columns: ['ArtistId integer not null', 'Name text not null', 'Country text', 'FormedYear integer'],
    key: ['ArtistId'],
  },
  Album: {
    columns: [
      'AlbumId integer not null',
      'Title text not null',
      'ArtistId integer not null -> Artist.ArtistId',
      'ReleasedOn date',
    ],
    key: ['AlbumId'],
  },
  Genre: { columns: ['GenreId integer not null', 'Name text not null'], key: ['GenreId'] },
  Track: {
    columns: [
      'TrackId integer not null',
      'Name text not null',
      'AlbumId integer -> Album.AlbumId',
      'GenreId integer -> Genre.GenreId',
      'Milliseconds integer not null',
      'Bytes bigint',
      'UnitPrice numeric(10,2) not null',
      'IsExplicit boolean not null',
    ],
    key: ['TrackId'],
  },
  Listener: {
    columns: [
      'ListenerId integer not null',
      'Email text',
      'Plan text not null -- one of free, premium, family',
      'SignedUpAt timestamp with time zone not null',
      'Country text',
    ],
    key: ['ListenerId'],
  },
  Play: {
    columns: [
      'PlayId bigint not null',
      'ListenerId integer not null -> Listener.ListenerId',
      'TrackId integer not null -> Track.TrackId',
      'PlayedAt timestamp with time zone not null',
      'SecondsPlayed integer not null',
      'WasSkipped boolean not null',
    ],
    key: ['PlayId'],
  },
});
