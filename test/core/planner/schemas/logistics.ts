import { tables } from './table.ts';

export const logistics = tables({
  warehouses: {
    columns: [
      'warehouse_id integer not null',
      'code text not null',
      'city text not null',
      'country text not null',
      'capacity_m3 numeric(10,1)',
    ],
    key: ['warehouse_id'],
    unique: [['code']],
  },
  carriers: {
    columns: ['carrier_id integer not null', 'name text not null', 'isActive boolean not null', 'rating numeric(3,1)'],
    key: ['carrier_id'],
  },
  shipments: {
    columns: [
      'shipment_id bigint not null',
      'tracking_code text not null',
      'origin_id integer not null -> warehouses.warehouse_id',
      'destination_id integer not null -> warehouses.warehouse_id',
      'carrier_id integer -> carriers.carrier_id',
      'state smallint not null -- 0: planned; 1: loaded; 2: in transit; 3: delivered; 4: lost.',
      'shipped_on date',
      'delivered_on date',
      'freight_cost numeric(10,2)',
      'is_express boolean not null',
    ],
    key: ['shipment_id'],
    unique: [['tracking_code']],
  },
  parcels: {
    columns: [
      'parcel_id bigint not null',
      'shipment_id bigint not null -> shipments.shipment_id',
      'weight_kg numeric(8,3) not null',
      'volume_m3 numeric(8,4)',
      'declared_value numeric(12,2)',
      'is_fragile boolean not null',
    ],
    key: ['parcel_id'],
  },
  stock_levels: {
    columns: [
      'warehouse_id integer not null -> warehouses.warehouse_id',
      'sku text not null',
      'counted_at timestamp with time zone not null',
      'units integer not null',
      'reserved_units integer not null',
    ],
    key: ['warehouse_id', 'sku', 'counted_at'],
  },
  archived_shipments: {
    columns: [
      'shipment_id bigint not null',
      'tracking_code text not null',
      'carrier_id integer -> carriers.carrier_id',
      'state smallint not null -- 0: planned; 1: loaded; 2: in transit; 3: delivered; 4: lost.',
      'shipped_on date',
      'delivered_on date',
      'freight_cost numeric(10,2)',
    ],
    key: ['shipment_id'],
  },
});
