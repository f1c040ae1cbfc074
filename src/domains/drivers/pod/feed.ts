import type { Context } from '../../../core/context.ts';
import { RowError } from '../../../core/errors.ts';
import type { Feed, RawRow } from '../../../core/source.ts';
import { cellsOf } from '../cells.ts';
import { PictureRow } from '../rows.ts';
import { instantIn } from '../scans/feed.ts';
import { savePictures } from './store.ts';

const read = cellsOf({
  id: 'picture_id photo_id 图片编号',
  orderId: 'order_id order_no 订单号 运单号',
  address: 'url picture photo image path 图片 照片 地址',
  takenAt: 'taken_at time created_at 拍摄时间',
  takenBy: 'taken_by driver 拍摄人 司机',
  place: 'location 地点 位置',
});

export const picturesFeed: Feed<PictureRow> = {
  name: 'drivers.pictures',
  dataset: 'pictures',
  row: PictureRow,
  read(raw: RawRow, { clock }: Context) {
    const { id, orderId, address, takenAt, takenBy, place } = read(raw);
    if (!orderId) throw new RowError('缺少订单号 (the order id is missing)');
    if (!address) throw new RowError('缺少图片地址 (the address of the picture is missing)');
    return {
      id: id ?? `${orderId}/${address}`,
      orderId,
      address,
      takenAt: instantIn(takenAt, clock.zone),
      takenBy: takenBy ?? null,
      place: place ?? null,
    };
  },
  key: (row) => row.id,
  save: ({ db }, rows, { sample = false }) => savePictures(db, rows, sample),
};
